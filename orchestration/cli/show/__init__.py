"""Filings and entities of a release, found by number, id or name; nothing here prints."""
