"""Targets of releases besides the data directory: PostgreSQL, folders and object stores."""
