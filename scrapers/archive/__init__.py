"""The raw archive, `data/raw/`: stores, looks up and verifies documents as fetched."""
