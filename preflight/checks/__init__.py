"""Checks: plain functions that judge one exchange against the claims of one operation."""
