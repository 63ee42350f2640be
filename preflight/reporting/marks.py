"""Marks: text in Markdown that stays text, whatever it holds."""

import re

_LONGEST = 300
_SPECIAL = re.compile(r"([\\`*_\[\]<>|#~&])")


def plain(text: str) -> str:
    """Give text without marks, on one line."""
    return _SPECIAL.sub(r"\\\1", one_line(text))


def code(value: object) -> str:
    """Give a code span that holds any text: its fence is longer than every run of backticks inside."""
    text = one_line(str(value)) or "(nothing)"
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def one_line(text: str) -> str:
    """Give text on one line, cut where it is very long: build servers cut a summary off at a megabyte."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
