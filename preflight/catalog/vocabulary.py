"""The vocabulary: the words that every workspace uses: what stands anywhere in the contracts."""

import re
from functools import cache
from pathlib import Path

from preflight import paths

_WORD = re.compile(r"[^\W_]+")
_NAME = re.compile(r"[\w.$/-]+")


@cache
def vocabulary(root: Path = paths.CONTRACTS) -> frozenset[str]:
    """Give the words and names of a folder of contracts in lower case: keys, routes, values, codes and texts."""
    files = sorted(file for kind in ("*.yaml", "*.json") for file in root.rglob(kind))
    texts = [file.read_text(encoding="utf-8", errors="replace").lower() for file in files]
    return frozenset(word for text in texts for pattern in (_WORD, _NAME) for word in pattern.findall(text))
