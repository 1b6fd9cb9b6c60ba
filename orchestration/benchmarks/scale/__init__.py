"""Benchmarks on made-up registers of up to millions of filings (`make bench-scale`)."""
