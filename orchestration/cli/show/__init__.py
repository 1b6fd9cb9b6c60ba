"""Look-up of filings and entities in a release by number, id or name. Prints nothing."""
