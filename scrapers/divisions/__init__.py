"""Generator of the seed of administrative divisions (GB/T 2260)."""
