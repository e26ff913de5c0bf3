"""Benchmark of visual sentiment analysis: the harness."""

__version__ = "0.1.0"
