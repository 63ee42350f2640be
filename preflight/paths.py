"""Where Preflight's data lies: inside the installed package, or beside it in a checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_INSTALLED = _PACKAGE / "data"
_ROOT = _INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent

CONTRACTS = _ROOT / "contracts"
SUITES = _ROOT / "suites"
REPORT_SCHEMAS = _ROOT / "reports" / "schemas"
REPORT_TEMPLATES = _ROOT / "reports" / "templates"
