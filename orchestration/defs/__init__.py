"""Dagster definitions: assets, checks, jobs, partitions, resources, schedules, sensors.

They are thin: the work is done in the other packages.
"""
