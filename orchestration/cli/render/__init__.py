"""Terminal output, one module per command. Queries nothing."""
