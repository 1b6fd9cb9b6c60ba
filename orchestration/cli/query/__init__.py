"""Queries on the latest release: what may be asked, and the formats that the rows come in."""
