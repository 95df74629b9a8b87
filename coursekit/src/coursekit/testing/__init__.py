"""Tests of a built site in a real browser, for any JupyterLite course."""
