from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preflight.catalog.toml_file import load_toml
from preflight.errors import FileError
from preflight.model.json import Json

TEXT = """# a comment
[run]
profile = "full"
only = [
  "chat.*",
]

[targets.staging]  # mine
url = "https://a.invalid"
"pass word" = 1

[targets."a b"]
url = "https://b.invalid"
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "file.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("pointer", "line"),
    [
        (("run",), 2),
        (("run", "profile"), 3),
        (("run", "only", 0), 4),
        (("targets", "staging"), 8),
        (("targets", "staging", "url"), 9),
        (("targets", "staging", "pass word"), 10),
        (("targets", "a b", "url"), 13),
        (("targets", "staging", "unknown"), 8),
        ((), 1),
    ],
)
def test_each_key_has_its_line(tmp_path: Path, pointer: tuple[str | int, ...], line: int) -> None:
    assert load_toml(write(tmp_path, TEXT)).line(pointer) == line


def test_a_file_is_read_as_data(tmp_path: Path) -> None:
    data = load_toml(write(tmp_path, TEXT)).data
    assert isinstance(data, dict)
    assert data["run"] == {"profile": "full", "only": ["chat.*"]}


@pytest.mark.parametrize(
    ("text", "line"), [("a = 1\nb = \n", 2), ("[run\n", 1), ("a = 1\na = 2\n", 2), ('a = "open\n', 1)]
)
def test_what_is_no_toml_is_told_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    with pytest.raises(FileError, match="is no TOML") as told:
        load_toml(write(tmp_path, text))
    assert told.value.line == line


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="cannot be read"):
        load_toml(tmp_path / "none.toml")


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    path = tmp_path / "file.toml"
    path.write_bytes(b"a = \xff\n")
    with pytest.raises(FileError, match="is not UTF-8"):
        load_toml(path)


@given(st.text(max_size=60))
def test_no_text_brings_it_down(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_text(text, encoding="utf-8", errors="replace")
    assert isinstance(_data_or_line(path), dict | int)


def _data_or_line(path: Path) -> Json:
    try:
        return load_toml(path).data
    except FileError as told:
        return told.line
