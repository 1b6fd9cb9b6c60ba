"""The seed of administrative divisions (GB/T 2260), written from the packages it comes from."""
