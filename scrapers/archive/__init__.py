"""The raw archive, `data/raw/`: storing, looking up and verifying documents as fetched."""
