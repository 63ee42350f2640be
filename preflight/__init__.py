"""Preflight: tells whether a Rocket.Chat deployment keeps the promises of its API documentation."""

__version__ = "0.1.0"
