"""Inspecting the data directory: what state it is in, and whether everything is as written."""
