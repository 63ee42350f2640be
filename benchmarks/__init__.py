"""Benchmarks: speed as a ratio within one run, never as a limit in a test."""
