"""Recognition: which form a file of documentation has, judged by what is in it, never by its name."""

import re
from enum import StrEnum
from pathlib import Path

from preflight.errors import SourceError

_HTML = re.compile(r"\s*(?:<!doctype html|<html|<head|<body)", re.IGNORECASE)
_OPENAPI = re.compile(r"(?m)^\s*\{?\s*[\"']?openapi[\"']?\s*:")
_FLATTENED = re.compile(r"\s*openapi\s*:\s*[\"']?\d[\d.]*[\"']?[ \t]+\w+\s*:")
_MARKDOWN = re.compile(r"(?m)\A---\n(?:.*\n)*?---\n|^# \S")
_GLUED_CALL = re.compile(r"(?mi)^(?:get|post|put|delete|patch)/\S+$")
_CALL = re.compile(r"(?mi)^[ \t]*(?:get|post|put|delete|patch)[ \t]*\n(?:[ \t]*\n)*[ \t]*/\S+")
_INDEX = re.compile(r"(?m)^\s*\d+ Articles\s*\n\s*in this category")
_FORMS = "an OpenAPI file, a page copied as text, a page exported as Markdown, or a category index page"


class Form(StrEnum):
    """The forms in which documentation exists."""

    OPENAPI = "openapi"
    COPIED = "copied page"
    MARKDOWN = "markdown page"
    INDEX = "index page"


def text_of(path: Path) -> str:
    """Read a source as text, with its line ends as newlines.

    Raises:
        SourceError: where the file cannot be read, is binary or empty.
    """
    try:
        data = path.read_bytes()
    except OSError as problem:
        raise SourceError(f"{path}: {problem.strerror}", hint="name a file that exists and can be read") from problem
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise SourceError(f"{path}: the file is binary, no text in UTF-8", hint=f"give {_FORMS}") from problem
    if "\0" in text:
        raise SourceError(f"{path}: the file is binary, no text in UTF-8", hint=f"give {_FORMS}")
    if not text.strip():
        raise SourceError(f"{path}: the file is empty", hint=f"give {_FORMS}")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ")


def form_of(text: str, name: str) -> Form:
    """Tell the form of a text.

    Raises:
        SourceError: where it is HTML, an OpenAPI file that lost its line breaks, or nothing known.
    """
    if _HTML.match(text):
        raise SourceError(
            f"{name}: the file is HTML, the page as a browser loads it",
            hint="copy the page's text from the browser, or export the page as Markdown",
        )
    if _FLATTENED.match(text):
        raise SourceError(
            f"{name}: an OpenAPI file whose line breaks are lost: its structure cannot be told any more",
            hint="download the OpenAPI file itself instead of copying its text, and give that",
        )
    if _INDEX.search(text):
        return Form.INDEX
    if _OPENAPI.search(text):
        return Form.OPENAPI
    if _MARKDOWN.search(text) and _GLUED_CALL.search(text):
        return Form.MARKDOWN
    if _CALL.search(text):
        return Form.COPIED
    raise SourceError(f"{name}: no documentation in a form that is known", hint=f"give {_FORMS}")
