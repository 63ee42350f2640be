"""Documents: YAML 1.2 scalars, lines, duplicate keys, and printing that reads back."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preflight.catalog import documents
from preflight.errors import ExitCode, FileError
from preflight.model.json import Json

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(JSON)
def test_what_dump_prints_load_reads_back(data: Json) -> None:
    assert documents.load_text(documents.dump(data), "x.yaml").data == data


@pytest.mark.parametrize("text", ["089", "1e3", "on", "yes", "2024-07-01", "12:30", "~", "", "null", "True", ".5"])
def test_strings_that_look_like_other_things_stay_strings(text: str) -> None:
    assert documents.load_text(documents.dump({"a": text}), "x.yaml").data == {"a": text}


def test_plain_dates_switches_and_times_are_read_as_strings() -> None:
    read = documents.load_text("a: 2024-07-01\nb: on\nc: 12:30\nd: 2024-07-01T10:00:00Z\n", "x.yaml")
    assert read.data == {"a": "2024-07-01", "b": "on", "c": "12:30", "d": "2024-07-01T10:00:00Z"}


def test_keys_are_strings() -> None:
    assert documents.load_text("200: {true: 1}", "x.yaml").data == {"200": {"true": 1}}


def test_dump_is_block_style_in_the_order_given_and_without_aliases() -> None:
    shared: Json = [1, "é"]
    assert documents.dump({"b": shared, "a": shared}) == "b:\n- 1\n- é\na:\n- 1\n- é\n"


def test_dump_of_a_scalar_has_no_document_end() -> None:
    assert documents.dump("word") == "word\n"


def test_a_line_is_that_of_the_key() -> None:
    document = documents.load_text("a:\n  b:\n  - x\n  - c: 1\n    d: 2\n", "x.yaml")
    assert document.line(("a",)) == 1
    assert document.line(("a", "b", 1, "d")) == 5


def test_the_line_of_something_absent_is_that_of_its_nearest_part() -> None:
    document = documents.load_text("a:\n  b: 1\n", "x.yaml")
    assert document.line(("a", "b", "c", 4)) == 2
    assert document.line(("a", "zz")) == 1


def test_without_positions_every_line_is_the_first() -> None:
    assert documents.load_text("a:\n  b: 1\n", "x.yaml", positions=False).line(("a", "b")) == 1


def test_an_alias_is_read_as_what_it_names() -> None:
    assert documents.load_text("a: &x [1]\nb: *x\n", "x.yaml").data == {"a": [1], "b": [1]}


def test_an_empty_file_is_null() -> None:
    assert documents.load_text("", "x.yaml").data is None


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("a: 1\nb: [\n", 3, "is no YAML"),
        ("a: 1\nb: 2\na: 3\n", 3, "the key 'a' stands here twice"),
        ("x: 1\ny: &a [*a]\n", 2, "contains itself"),
        ("a: 1\nb: !!python/name:os.system x\n", 2, "the tag !!python/name:os.system is not understood"),
        ("a: !!int x\n", 1, "!!int"),
        ("? [a]\n: 1\n", 1, "a key is a list or a mapping"),
        ("a: 1\nb: \x01\n", 2, "control characters"),
        ("a: 1\n---\nb: 1\n", 2, "another document"),
        ("a: *nobody\n", 1, "undefined alias"),
    ],
)
def test_a_mistake_names_its_file_and_line(text: str, line: int, says: str) -> None:
    with pytest.raises(FileError) as caught:
        documents.load_text(text, "bad.yaml")
    assert caught.value.what.startswith(f"bad.yaml:{line}: ")
    assert says in caught.value.what
    assert caught.value.exit_code == ExitCode.USAGE


def test_a_file_that_is_not_there_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="cannot be read"):
        documents.load(tmp_path / "absent.yaml")


def test_a_file_that_is_not_utf_8_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "latin.yaml").write_bytes(b"a: \xe9\n")
    with pytest.raises(FileError, match="is not UTF-8"):
        documents.load(tmp_path / "latin.yaml")


def test_nesting_without_end_is_refused() -> None:
    with pytest.raises(FileError, match=r"x.yaml:1: is (no YAML|nested too deeply)"):
        documents.load_text("[" * 100_000, "x.yaml")
