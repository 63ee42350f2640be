"""Reads documentation in the forms in which it exists and writes what it promises as contracts."""

from preflight.derive.derivation import Derived, derive, differences, write
from preflight.derive.report import Report

__all__ = ["Derived", "Report", "derive", "differences", "write"]
