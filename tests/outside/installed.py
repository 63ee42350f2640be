"""Preflight as it is installed, in a folder of its own where a test may change it."""

import shutil
from pathlib import Path

from preflight import paths


def put_preflight(folder: Path) -> Path:
    """Put Preflight into a folder, from where ``python -m preflight`` runs it; gives the folder of its data."""
    package = Path(paths.__file__).parent
    shutil.copytree(package, folder / "preflight", ignore=shutil.ignore_patterns("data"))
    data = folder / "preflight" / "data"
    (data / "reports").mkdir(parents=True)
    shutil.copytree(paths.SUITES, data / "suites")
    shutil.copytree(paths.CONTRACTS, data / "contracts")
    (data / "reports" / "schemas").symlink_to(paths.REPORT_SCHEMAS)
    (data / "reports" / "templates").symlink_to(paths.REPORT_TEMPLATES)
    return data
