"""HTTP: a session that keeps to the source's two hosts, waits, retries and bounds what it reads."""
