"""What a text means: its markdown tree, and the users, channels and addresses it names.

The tree is a list of blocks (``PARAGRAPH``, ``CODE``, ``BIG_EMOJI``, ``HEADING``, ``QUOTE``, ``UNORDERED_LIST``,
``ORDERED_LIST``, ``LINE_BREAK``), each holding inline nodes (``PLAIN_TEXT``, ``BOLD``, ``ITALIC``, ``STRIKE``,
``INLINE_CODE``, ``LINK``, ``MENTION_USER``, ``MENTION_CHANNEL``, ``EMOJI``). One line of text is one block.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

Node = dict[str, Any]  # a node of the tree; its value is text, a node or a list of nodes, as its type says

_URL = r"[A-Za-z]{3,9}://[^\s<>|()\[\]]*(?:\([^\s()]*\)[^\s<>|()\[\]]*)*[^\s<>|()\[\].,;:!?'\"*_~`]"
_EMAIL = r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}"
_NAME = r"[0-9A-Za-z](?:[0-9A-Za-z._-]*[0-9A-Za-z_-])?"
_SHORT_CODE = r"[0-9A-Za-z_+-]+"
_FENCE = re.compile(r"^```(\S*)\s*$")

_INLINE = re.compile(
    rf"""
      (?P<code>`[^`\n]+`)
    | (?P<labelled>\[[^\]\n]*\]\([^\s()]+(?:\([^\s()]*\)[^\s()]*)*\))
    | (?P<piped><[^\s<>|]+\|[^<>\n]+>)
    | (?P<url>{_URL})
    | (?P<email>(?<![\w.@]){_EMAIL})
    | (?P<user>(?<![\w@.])@{_NAME})
    | (?P<channel>(?<![\w\#&])\#{_NAME})
    | (?P<emoji>(?<![0-9A-Za-z:]):{_SHORT_CODE}:(?![0-9A-Za-z]))
    | (?P<bold>\*\*(?=\S)[^\n]+?(?<=\S)\*\*|\*(?![\s*])[^*\n]+?(?<!\s)\*)
    | (?P<italic>(?<![0-9A-Za-z_])(?:__(?=\S)[^\n]+?(?<=\S)__|_(?![\s_])[^_\n]+?(?<!\s)_)(?![0-9A-Za-z_]))
    | (?P<strike>~~(?=\S)[^\n]+?(?<=\S)~~|~(?![\s~])[^~\n]+?(?<!\s)~)
    """,
    re.VERBOSE,
)
_ONLY_EMOJI = re.compile(rf"^\s*(?::{_SHORT_CODE}:\s*){{1,3}}$")
_CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
_MENTION = re.compile(rf"(?<![\w@.])@({_NAME})")
_CHANNEL = re.compile(rf"(?<![\w#&])#({_NAME})")
_ADDRESS = re.compile(_URL)


def parse(text: str) -> list[Node]:
    """Gives the markdown tree of a text; an empty text has none."""
    if not text:
        return []
    if _ONLY_EMOJI.match(text):
        return [{"type": "BIG_EMOJI", "value": [_emoji(code) for code in text.split(":") if code.strip()]}]
    return list(_blocks(text.split("\n")))


def user_names(text: str) -> list[str]:
    """Lists the names a text mentions with ``@``, each once and in order; ``all`` and ``here`` are among them."""
    return _unique(_MENTION.findall(_prose(text)))


def channel_names(text: str) -> list[str]:
    """Lists the names a text mentions with ``#``, each once and in order."""
    return _unique(_CHANNEL.findall(_prose(text)))


def addresses(text: str) -> list[str]:
    """Lists the addresses with a scheme in a text, each once and in order."""
    return _unique(match.group() for match in _ADDRESS.finditer(text))


def _prose(text: str) -> str:
    """Leaves out what stands in code or is an address: neither mentions anybody."""
    return _ADDRESS.sub(" ", _CODE.sub(" ", text))


def _unique(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))


def _blocks(lines: list[str]) -> Iterator[Node]:
    at = 0
    while at < len(lines):
        block, taken = _block(lines, at)
        yield block
        at += taken


def _block(lines: list[str], at: int) -> tuple[Node, int]:
    """Reads the block that begins at a line, and says how many lines it takes."""
    for reader in (_code_block, _quote, _list, _heading):
        found = reader(lines, at)
        if found:
            return found
    if not lines[at]:
        return {"type": "LINE_BREAK"}, 1
    return {"type": "PARAGRAPH", "value": inline(lines[at])}, 1


def _code_block(lines: list[str], at: int) -> tuple[Node, int] | None:
    opening = _FENCE.match(lines[at])
    if not opening:
        return None
    for end in range(at + 1, len(lines)):
        if lines[end].rstrip() == "```":
            body = [{"type": "CODE_LINE", "value": _plain(line)} for line in lines[at + 1 : end]]
            return {"type": "CODE", "language": opening.group(1) or "none", "value": body}, end - at + 1
    return None


def _quote(lines: list[str], at: int) -> tuple[Node, int] | None:
    quoted = _run(lines, at, re.compile(r"^> ?(.+)$"))
    if not quoted:
        return None
    paragraphs = [{"type": "PARAGRAPH", "value": inline(match.group(1))} for match in quoted]
    return {"type": "QUOTE", "value": paragraphs}, len(quoted)


def _list(lines: list[str], at: int) -> tuple[Node, int] | None:
    numbered = _run(lines, at, re.compile(r"^(\d+)\. (.+)$"))
    if numbered:
        items = [
            {"type": "LIST_ITEM", "value": inline(match.group(2)), "number": int(match.group(1))} for match in numbered
        ]
        return {"type": "ORDERED_LIST", "value": items}, len(numbered)
    bulleted = _run(lines, at, re.compile(r"^[-*] (.+)$"))
    if bulleted:
        items = [{"type": "LIST_ITEM", "value": inline(match.group(1))} for match in bulleted]
        return {"type": "UNORDERED_LIST", "value": items}, len(bulleted)
    return None


def _heading(lines: list[str], at: int) -> tuple[Node, int] | None:
    match = re.match(r"^(#{1,4}) (.+)$", lines[at])
    if not match:
        return None
    return {"type": "HEADING", "level": len(match.group(1)), "value": [_plain(match.group(2))]}, 1


def _run(lines: list[str], at: int, pattern: re.Pattern[str]) -> list[re.Match[str]]:
    found = []
    for line in lines[at:]:
        match = pattern.match(line)
        if not match:
            break
        found.append(match)
    return found


def inline(text: str) -> list[Node]:
    """Gives the inline nodes of one line; what is no markup is ``PLAIN_TEXT``."""
    nodes: list[Node] = []
    at = 0
    for match in _INLINE.finditer(text):
        if match.start() > at:
            nodes.append(_plain(text[at : match.start()]))
        nodes.append(_READERS[str(match.lastgroup)](match.group()))
        at = match.end()
    if at < len(text):
        nodes.append(_plain(text[at:]))
    return nodes


def _plain(text: str) -> Node:
    return {"type": "PLAIN_TEXT", "value": text}


def _emoji(code: str) -> Node:
    return {"type": "EMOJI", "value": _plain(code), "shortCode": code}


def _link(address: str, label: str) -> Node:
    return {"type": "LINK", "value": {"src": _plain(address), "label": [_plain(label)]}}


def _labelled(text: str) -> Node:
    label, address = text[1:-1].split("](", 1)
    return _link(address, label or address)


def _piped(text: str) -> Node:
    address, label = text[1:-1].split("|", 1)
    return _link(address, label)


def _emphasis(kind: str) -> Callable[[str], Node]:
    def read(text: str) -> Node:
        width = 2 if text[0] == text[1] else 1
        return {"type": kind, "value": inline(text[width:-width])}

    return read


_READERS: dict[str, Callable[[str], Node]] = {
    "code": lambda text: {"type": "INLINE_CODE", "value": _plain(text[1:-1])},
    "labelled": _labelled,
    "piped": _piped,
    "url": lambda text: _link(text, text),
    "email": lambda text: _link(f"mailto:{text}", text),
    "user": lambda text: {"type": "MENTION_USER", "value": _plain(text[1:])},
    "channel": lambda text: {"type": "MENTION_CHANNEL", "value": _plain(text[1:])},
    "emoji": lambda text: _emoji(text[1:-1]),
    "bold": _emphasis("BOLD"),
    "italic": _emphasis("ITALIC"),
    "strike": _emphasis("STRIKE"),
}
