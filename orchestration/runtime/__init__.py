"""The environment of a run: Dagster home, run lock, event log, progress, disk, clock, signals."""
