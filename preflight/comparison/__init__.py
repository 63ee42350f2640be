"""Comparison: what changed between two runs, and whether an upgrade is safe."""
