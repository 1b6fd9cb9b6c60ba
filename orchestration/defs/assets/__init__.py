"""Assets: thin callers of the functions that do the work, one module a stage."""
