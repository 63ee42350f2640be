"""The badge: a small picture of a verified certificate, which says by itself until when it holds."""

from typing import Final
from xml.sax.saxutils import escape, quoteattr

from preflight.certificate.account import title
from preflight.certificate.verifying import Verified

_LETTER: Final = 6.6
_MARGIN: Final = 7
_HEIGHT: Final = 20
# No font is fetched: the first of these that the reader has; textLength makes each as wide as was reckoned.
_FONTS: Final = "Verdana,DejaVu Sans,Geneva,sans-serif"
_GREY, _GREEN, _AMBER = "#444", "#2a6b2f", "#8a4b00"


def svg(verified: Verified) -> str:
    """Give the badge as SVG text; made of a certificate that holds, for there is no other way to get one."""
    statement = verified.statement
    target = statement.target
    until = f"{statement.expires:%Y-%m-%d}"
    left = "mock workspace" if target.mock else "Rocket.Chat API"
    right = f"{statement.profile} · {target.release} · until {until}"
    full = f"{title(statement)}, judged {statement.started:%Y-%m-%d}, valid until {until}"
    widths = _width(left), _width(right)
    total = sum(widths)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{total}" height="{_HEIGHT}" '
        f'viewBox="0 0 {total} {_HEIGHT}" role="img" aria-label={quoteattr(full)}>\n'
        f"<title>{escape(full)}</title>\n"
        f'<rect width="{widths[0]}" height="{_HEIGHT}" fill="{_GREY}"/>\n'
        f'<rect x="{widths[0]}" width="{widths[1]}" height="{_HEIGHT}" fill="{_AMBER if target.mock else _GREEN}"/>\n'
        f'<g fill="#fff" font-family="{_FONTS}" font-size="11" aria-hidden="true">\n'
        f"{_text(left, _MARGIN, widths[0])}\n"
        f"{_text(right, widths[0] + _MARGIN, widths[1])}\n"
        "</g>\n</svg>\n"
    )


def _width(text: str) -> int:
    return round(len(text) * _LETTER) + 2 * _MARGIN


def _text(text: str, x: int, width: int) -> str:
    return f'<text x="{x}" y="14" textLength="{width - 2 * _MARGIN}">{escape(text)}</text>'
