"""Terminal output, one module per command; nothing here looks anything up."""
