"""Look-up of registrations and companies in a release by number, id or name. Prints nothing."""
