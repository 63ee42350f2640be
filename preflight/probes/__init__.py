"""Probes: requests that nobody wrote, made from the effective contract of an operation and from what the run owns."""
