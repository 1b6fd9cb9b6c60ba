"""Contracts (Pandera): what a row must be, of a list and of a cancellation notice."""
