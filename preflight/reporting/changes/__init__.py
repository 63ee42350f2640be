"""Reports of what changed: between two runs, and between two captures of documentation."""
