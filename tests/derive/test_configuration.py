from pathlib import Path

import pytest

from preflight.derive.configuration import configuration
from preflight.errors import FileError


def test_without_a_file_nothing_is_recognised(tmp_path: Path) -> None:
    assert configuration(tmp_path / "sources.yaml").objects == ()


def test_objects_are_read_in_their_order(tmp_path: Path) -> None:
    path = tmp_path / "sources.yaml"
    path.write_text("objects:\n- {name: b, keys: [x]}\n- {name: a, under: [y], enums: {t: [c]}}\n", encoding="utf-8")
    rules = configuration(path)
    assert [rule.name for rule in rules.objects] == ["b", "a"]
    assert rules.objects[1].enums == {"t": ("c",)}


def test_an_object_that_would_fit_everything_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sources.yaml"
    path.write_text("objects:\n- {name: b, keys: [x]}\n- {name: a}\n", encoding="utf-8")
    with pytest.raises(FileError) as refusal:
        configuration(path)
    assert str(refusal.value) == (
        f"{path}:3: an object needs a name, and keys or under\n"
        "  Hint: write objects as a list of {name, keys, under?, enums?, optional?}"
    )
