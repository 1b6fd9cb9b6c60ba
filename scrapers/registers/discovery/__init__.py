"""Discovery of the documents that a register has published."""
