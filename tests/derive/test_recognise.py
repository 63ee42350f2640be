from pathlib import Path

import pytest

from preflight.derive.recognise import Form, form_of, text_of
from preflight.errors import SourceError
from tests.derive.pages import COPIED, INDEX, MARKDOWN, document, operation

FORMS = "an OpenAPI file, a page copied as text, a page exported as Markdown, or a category index page"


@pytest.mark.parametrize(
    ("text", "form"),
    [
        (document({"/api/v1/kettle.info": {"get": operation()}}), Form.OPENAPI),
        ('{\n  "openapi": "3.1.0", "paths": {}\n}', Form.OPENAPI),
        (COPIED, Form.COPIED),
        (MARKDOWN, Form.MARKDOWN),
        (INDEX, Form.INDEX),
    ],
)
def test_a_form_is_recognised_by_what_is_in_it(text: str, form: Form) -> None:
    assert form_of(text, "anything.bin") is form


@pytest.mark.parametrize(
    ("text", "what", "hint"),
    [
        (
            "openapi: 3.0.0 info: version: 1.0.0 title: Kettles paths: /api/v1/kettle.info: get: summary: Get Kettle",
            "page: an OpenAPI file whose line breaks are lost: its structure cannot be told any more",
            "download the OpenAPI file itself instead of copying its text, and give that",
        ),
        (
            "<!DOCTYPE html>\n<html><body>Get Kettle</body></html>",
            "page: the file is HTML, the page as a browser loads it",
            "copy the page's text from the browser, or export the page as Markdown",
        ),
        ("Dear all,\n\nthe kettle is broken.\n", "page: no documentation in a form that is known", f"give {FORMS}"),
    ],
)
def test_what_is_no_documentation_is_refused_with_a_hint(text: str, what: str, hint: str) -> None:
    with pytest.raises(SourceError) as refusal:
        form_of(text, "page")
    assert (refusal.value.what, refusal.value.hint) == (what, hint)
    assert str(refusal.value).count("\n") == 1


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "the file is empty"),
        (b" \n\t\n", "the file is empty"),
        (b"\x89PNG\r\n\x1a\n\xff", "the file is binary, no text in UTF-8"),
        (b"openapi: 3.0.0\0", "the file is binary, no text in UTF-8"),
    ],
)
def test_a_file_without_text_is_refused(tmp_path: Path, data: bytes, what: str) -> None:
    path = tmp_path / "page"
    path.write_bytes(data)
    with pytest.raises(SourceError) as refusal:
        text_of(path)
    assert str(refusal.value) == f"{path}: {what}\n  Hint: give {FORMS}"


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="No such file or directory") as refusal:
        text_of(tmp_path / "absent")
    assert refusal.value.hint == "name a file that exists and can be read"


def test_line_ends_of_any_system_are_read(tmp_path: Path) -> None:
    path = tmp_path / "page"
    path.write_bytes(b"\xef\xbb\xbfa\r\nb\rc")
    assert text_of(path) == "a\nb\nc"
