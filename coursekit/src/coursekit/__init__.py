"""JupyterLite addons for a course: runtime, wheel, notebooks, server, and their browser tests."""
