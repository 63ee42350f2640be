"""Request: bytes and headers into the query, the body and the files of a call."""

import re
from collections.abc import Iterable, Mapping
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qsl

from preflight.mock.call import Upload
from preflight.mock.engine import read_json

_DEEPEST = 100  # levels; nobody sends more, and what handles values would run out of stack
_BRACKETS = re.compile(r"\[([^\[\]]*)\]")


class MalformedJson(Exception):  # noqa: N818 - what it is worth depends on the release
    """The body says that it is JSON, and is not."""


def parse_query(text: str) -> dict[str, Any]:
    """Reads a query: a name given twice is a list, and ``a[b]=c`` is an object."""
    return _nested(parse_qsl(text, keep_blank_values=True))


def _nested(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for name, value in pairs:
        head, _, _ = name.partition("[")
        keys = [head, *_BRACKETS.findall(name[len(head) :])] if head and name.endswith("]") else [name]
        _put(result, keys, value)
    return result


def _put(target: dict[str, Any], keys: list[str], value: str) -> None:
    for key, following in pairwise(keys):
        if following == "" or following.isdigit():
            _append(target, key, value)
            return
        inner = target.get(key)
        if not isinstance(inner, dict):
            inner = {}
            target[key] = inner
        target = inner
    last = keys[-1]
    if last in target:
        _append(target, last, value)
    else:
        target[last] = value


def _append(target: dict[str, Any], key: str, value: str) -> None:
    known = target.get(key, [])
    target[key] = [*known, value] if isinstance(known, list) else [known, value]


def parse_body(content: bytes, content_type: str, *, strict: bool = False) -> tuple[Any, dict[str, Upload]]:
    """Reads a body by its content type: the value, and the files.

    Raises:
        MalformedJson: where JSON is none, or, if `strict`, where it is neither an object nor an array.
    """
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type == "multipart/form-data":
        return _form(content, content_type)
    if not content:
        return {}, {}
    if media_type == "application/json":
        return _json(content, strict=strict), {}
    if media_type == "application/x-www-form-urlencoded":
        return _nested(parse_qsl(content.decode("utf-8", "replace"), keep_blank_values=True)), {}
    return None, {}


def as_characters(content: bytes) -> dict[str, str]:
    """Gives a text of unknown type as newer releases do: an object of its characters, by their place."""
    return {str(place): character for place, character in enumerate(content.decode("utf-8", "replace"))}


def _json(content: bytes, *, strict: bool) -> Any:
    try:
        value = read_json(content.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        raise MalformedJson from None
    if _is_too_deep(value) or (strict and not isinstance(value, dict | list)):
        raise MalformedJson
    return value


def _is_too_deep(value: Any) -> bool:
    level = [value]
    for _ in range(_DEEPEST):
        level = [inner for each in level for inner in _inside(each)]
        if not level:
            return False
    return True


def _inside(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _form(content: bytes, content_type: str) -> tuple[dict[str, str], dict[str, Upload]]:
    parsed = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + content)
    values: dict[str, str] = {}
    uploads: dict[str, Upload] = {}
    for part in parsed.iter_parts():
        name = str(part.get_param("name", header="content-disposition"))
        payload = part.get_payload(decode=True)
        data = payload if isinstance(payload, bytes) else b""
        filename = part.get_filename()
        if filename is None:
            values[name] = data.decode("utf-8", "replace")
        else:
            uploads[name] = Upload(name=filename, media_type=_media_type(part), content=data)
    return values, uploads


def _media_type(part: Message) -> str:
    return part.get_content_type() if part["content-type"] else "application/octet-stream"


# Of these the first counts where several come; of all others the values are joined.
_SINGLE = frozenset(
    """
    age authorization content-length content-type etag expires from host if-modified-since if-unmodified-since
    last-modified location max-forwards proxy-authorization referer retry-after server user-agent
    """.split()  # noqa: SIM905 - words without quotes are easier to read
)


def join_headers(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Gives the headers by their names in lower case, repeated ones put together as the server's runtime does."""
    joined: dict[str, str] = {}
    for raw_name, raw_value in raw:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        if name not in joined:
            joined[name] = value
        elif name not in _SINGLE:
            joined[name] += f"{'; ' if name == 'cookie' else ', '}{value}"
    return joined


def header(headers: Mapping[str, str], name: str) -> str | None:
    """Gives a header by its name in lower case, or None; an empty one is none."""
    return headers.get(name) or None
