"""The pipeline of one document: discover, fetch, archive, validate."""
