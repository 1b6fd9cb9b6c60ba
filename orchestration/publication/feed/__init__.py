"""The feed `changes.atom`: one entry per event that the register publishes."""
