"""Benchmarks, as commands: pipeline stages, document parsing and classification."""
