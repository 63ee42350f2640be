"""Peers: other tools that judge an API by its OpenAPI contract, run as their users run them."""
