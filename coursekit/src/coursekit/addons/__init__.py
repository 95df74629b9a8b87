"""JupyterLite addons: what `jupyter lite build | check | serve` does for a course."""
