"""HTTP: a session for the source's two hosts, with a rate limit, retries and size limits."""
