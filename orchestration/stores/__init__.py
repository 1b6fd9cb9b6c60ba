"""The data directory: where its stores are, whether they are intact, and what state they are in."""
