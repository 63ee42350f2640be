"""The alphabet: the table says what Hypothesis would find out, and stands where Hypothesis looks for it."""

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import configuration
from hypothesis.internal.charmap import charmap_file, intervals_from_codec
from hypothesis.internal.intervalsets import IntervalSet

from preflight.probes.alphabet import lay_out


def found_by_hypothesis() -> tuple[IntervalSet, IntervalSet]:
    # What it found once it keeps for the process.
    found: tuple[IntervalSet, IntervalSet] = intervals_from_codec.__wrapped__("utf-8")
    return found


@pytest.fixture
def storage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    # Where it looks it has settled before the first test.
    monkeypatch.setattr(configuration, "__hypothesis_home_directory", tmp_path)
    return tmp_path


def test_the_table_stands_where_hypothesis_looks_for_it(storage: Path) -> None:
    file = lay_out(storage)
    assert file == charmap_file("codec-v2-utf-8")
    file.write_bytes(gzip.compress(json.dumps([[[65, 90]], []]).encode()))
    assert found_by_hypothesis() == (IntervalSet([(65, 90)]), IntervalSet(()))


def test_the_table_says_what_hypothesis_finds_without_it(storage: Path) -> None:
    without = found_by_hypothesis()
    lay_out(storage)
    assert found_by_hypothesis() == without


def test_every_sign_of_the_table_is_said_by_utf_8(storage: Path) -> None:
    sayable, changed = json.loads(gzip.decompress(lay_out(storage).read_bytes()))
    assert changed == []
    for first, last in sayable:
        "".join(map(chr, range(first, last + 1))).encode()
    assert sum(last - first + 1 for first, last in sayable) == 0x110000 - 0x800
