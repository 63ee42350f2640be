"""The root of all pytest runs in this checkout: how Hypothesis behaves, and where the wheel test is asked for."""

import os

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "ci", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow], max_examples=100
)
settings.register_profile("dev", deadline=None, max_examples=50)
settings.load_profile("ci" if os.environ.get("CI") else "dev")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the option that builds and installs the wheel."""
    parser.addoption("--wheel", action="store_true", help="also build the wheel and run it in an empty environment")
