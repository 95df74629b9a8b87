"""Cold starts of a built site, measured against a stock JupyterLite build of the same versions."""
