"""Ink: text as a console can show it, with the sign and the colour of each verdict."""

from collections.abc import Iterator, Mapping

from rich.console import Console
from rich.text import Text

from preflight.model.verdict import Verdict

STYLES: Mapping[Verdict, str] = {
    Verdict.PASS: "green",
    Verdict.FAIL: "red",
    Verdict.INCONCLUSIVE: "yellow",
    Verdict.ERROR: "magenta",
    Verdict.NOT_APPLICABLE: "bright_black",
}
_MARKS = {
    Verdict.PASS: "✓",
    Verdict.FAIL: "✗",
    Verdict.INCONCLUSIVE: "?",
    Verdict.ERROR: "!",
    Verdict.NOT_APPLICABLE: "-",
}
_ASCII = str.maketrans({"✓": "+", "✗": "x", "·": "-", "…": "...", "—": "-", "–": "-", "→": "->"})  # noqa: RUF001 (dashes)
_NARROWEST = 20


class Ink:
    """Writes text as the console can show it: nothing that its encoding lacks, nothing that would steer it."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._ascii = not console.encoding.lower().startswith("utf")

    def text(self, text: str, style: str = "") -> Text:
        """Give text that the console can show."""
        return Text(self._shown(text), style=style)

    def mark(self, verdict: Verdict) -> Text:
        """Give the sign of a verdict."""
        return self.text(_MARKS[verdict], f"bold {STYLES[verdict]}")

    def wrapped(self, text: Text, first: Text, *, indent: int) -> Iterator[Text]:
        """Break text at the width of the console; lines after the first hang under the first."""
        lines = text.wrap(self._console, max(self._console.width - indent, _NARROWEST))
        for number, line in enumerate(lines):
            line.rstrip()
            yield Text.assemble(" " * indent if number else first, line)

    def _shown(self, text: str) -> str:
        # A server's answer may hold escape sequences; a terminal would obey them.
        plain = "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text)
        return plain.translate(_ASCII).encode("ascii", "backslashreplace").decode("ascii") if self._ascii else plain
