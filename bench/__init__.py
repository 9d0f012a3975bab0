"""Benchmarks: the service beside the least that any service could do. See docs/benchmarks.md."""
