"""Dagster definitions: assets, checks, jobs, partitions, resources, schedules, sensors.

The work itself is in the other packages; the modules here call it.
"""
