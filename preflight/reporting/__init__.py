"""Renders runs: each report is a pure function of the Run; `folder` alone writes files."""
