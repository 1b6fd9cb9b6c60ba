"""The validated store, `data/validated/`: what became of every archived version, and its rows."""
