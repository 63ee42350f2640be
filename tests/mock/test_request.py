import json
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preflight.mock.request import MalformedJson, as_characters, join_headers, parse_body, parse_query

TEXTS = st.text(st.characters(codec="utf-8"))


def test_a_name_in_brackets_makes_an_object() -> None:
    assert parse_query("roomId[$ne]=x&count=1") == {"roomId": {"$ne": "x"}, "count": "1"}


def test_a_name_given_twice_makes_a_list() -> None:
    assert parse_query("a=1&a=2&b[]=3&c=") == {"a": ["1", "2"], "b": ["3"], "c": ""}


def test_a_body_is_read_by_its_content_type() -> None:
    assert parse_body(b'{"a": 1}', "application/json; charset=utf-8") == ({"a": 1}, {})
    assert parse_body(b"a=1&b=x+y", "application/x-www-form-urlencoded") == ({"a": "1", "b": "x y"}, {})
    assert parse_body(b"", "application/json") == ({}, {})
    assert parse_body(b"{}", "text/plain") == (None, {})


def test_json_that_is_none_is_malformed() -> None:
    with pytest.raises(MalformedJson):
        parse_body(b'{"a":', "application/json")


def test_bytes_that_are_no_text_are_replaced() -> None:
    assert parse_body(b'{"a":"\xff"}', "application/json") == ({"a": "\ufffd"}, {})
    assert parse_body(b'\xef\xbb\xbf{"a":1}', "application/json") == ({"a": 1}, {})


def test_json_in_another_encoding_is_malformed() -> None:
    with pytest.raises(MalformedJson):
        parse_body('{"a":1}'.encode("utf-16"), "application/json")


@pytest.mark.parametrize("content", [b'"text"', b"12", b"null", b"true"])
def test_strictly_json_is_an_object_or_an_array(content: bytes) -> None:
    with pytest.raises(MalformedJson):
        parse_body(content, "application/json", strict=True)
    assert parse_body(content, "application/json") == (json.loads(content), {})
    assert parse_body(b"[]", "application/json", strict=True) == ([], {})


def test_repeated_headers_are_joined_but_for_those_of_which_the_first_counts() -> None:
    raw = [(b"X-Token", b"a"), (b"x-token", b"b"), (b"Content-Type", b"text/plain"), (b"content-type", b"text/html")]
    cookies = [(b"cookie", b"a=1"), (b"cookie", b"b=2")]
    joined = {"x-token": "a, b", "content-type": "text/plain", "cookie": "a=1; b=2"}
    assert join_headers([*raw, *cookies]) == joined


def test_a_text_of_unknown_type_becomes_its_characters() -> None:
    assert as_characters(b"ab") == {"0": "a", "1": "b"}


def test_a_form_holds_values_and_files() -> None:
    content = (
        b'--x\r\nContent-Disposition: form-data; name="msg"\r\n\r\nhello\r\n'
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n'
        b"Content-Type: text/plain\r\n\r\n0123\r\n--x--\r\n"
    )
    values, uploads = parse_body(content, "multipart/form-data; boundary=x")
    assert values == {"msg": "hello"}
    assert (uploads["file"].name, uploads["file"].media_type, uploads["file"].content) == (
        "a.txt",
        "text/plain",
        b"0123",
    )


@given(st.dictionaries(st.text(st.characters(exclude_characters="[]", codec="utf-8"), min_size=1), TEXTS))
def test_a_query_that_is_printed_can_be_read(values: dict[str, str]) -> None:
    assert parse_query(urlencode(values)) == values
