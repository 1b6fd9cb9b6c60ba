"""The validated store, `data/validated/`: the validation result and rows of archived versions."""
