"""Benchmarks, as commands: each stage, reading documents, classification."""
