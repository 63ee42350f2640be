"""Where reference material lies that a checkout does not hold: tests that can use it say so when it is not there."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = Path(os.environ.get("PREFLIGHT_REFERENCE", ROOT.parent / "shared"))
DOCUMENTATION = REFERENCE / "docs"
RECORDINGS = REFERENCE / "reference" / "recordings"
