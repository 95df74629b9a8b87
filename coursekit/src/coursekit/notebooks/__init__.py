"""Notebooks of a course: one committed source, the editions made of it, and how it is executed."""
