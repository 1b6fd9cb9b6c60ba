"""Discovery: finding out which documents a register has published."""
