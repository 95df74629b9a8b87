"""The browser's Python: a committed lock, where its files come from, and how they are compiled."""
