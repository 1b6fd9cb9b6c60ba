"""The feed `changes.atom`: one entry per batch, list and notice that the source publishes."""
