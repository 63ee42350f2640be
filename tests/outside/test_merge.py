"""`preflight run --shard` and `preflight merge` from outside: several machines, one verdict."""

from pathlib import Path

import pytest

from preflight.model.run import Run
from preflight.reporting.folder import open_run
from tests.outside.console import preflight

ONLY = ("--only", "rooms.*", "--only", "dm.c*")


@pytest.fixture(scope="module")
def shards(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shards")
    for index in ("1", "2"):
        told = preflight("run", *ONLY, "--shard", f"{index}/2", "--out", f"part{index}", folder=folder)
        assert told.code == 0, told.out + told.err
    return folder


def runs(folder: Path, *names: str) -> list[str]:
    return [str(path) for name in names for path in (folder / name).iterdir()]


def test_two_shards_are_the_whole_claim_for_claim(shards: Path, tmp_path: Path) -> None:
    told = preflight("merge", *runs(shards, "part1", "part2"), "--out", "whole", folder=tmp_path)
    assert told.code == 0, told.out + told.err
    assert "CONFORMS" in told.out
    alone = preflight("run", *ONLY, "--out", "alone", folder=tmp_path)
    assert alone.code == 0, alone.out + alone.err
    one, two = (open_run(Path(runs(tmp_path, name)[0])) for name in ("whole", "alone"))
    assert verdicts(one) == verdicts(two)


def verdicts(run: Run) -> dict[str, str]:
    return {str(key): str(result.verdict) for key, result in run.claims.items()}


def test_a_missing_shard_is_told_and_nothing_is_written(shards: Path, tmp_path: Path) -> None:
    told = preflight("merge", *runs(shards, "part1"), "--out", "whole", folder=tmp_path)
    assert told.code == 2
    assert "2/2 is missing" in told.err
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_run_is_refused(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text('{"format": "other"}', encoding="utf-8")
    told = preflight("merge", "run.json", folder=tmp_path)
    assert (told.code, "Traceback" in told.err) == (2, False)
    assert "is no run of Preflight" in told.err


@pytest.mark.parametrize("text", ["3/2", "half", "0/1"])
def test_a_shard_that_is_none_is_told_in_one_line(tmp_path: Path, text: str) -> None:
    told = preflight("run", "--shard", text, folder=tmp_path)
    assert told.code == 2
    assert "is no shard" in told.err
    assert list(tmp_path.iterdir()) == []
