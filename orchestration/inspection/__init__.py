"""Inspection of the data directory: its status, and the integrity of its files."""
