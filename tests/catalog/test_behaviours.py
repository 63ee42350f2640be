from pathlib import Path

import pytest

from preflight import paths
from preflight.catalog.behaviours import Behaviours, load_behaviours
from preflight.catalog.errata import load_errata
from preflight.errors import FileError
from preflight.model.claim import ClaimKind, Level
from preflight.model.operation import OperationKey
from preflight.model.release import Release

INFO, LIST, READ = (OperationKey.parse(key) for key in ("GET rooms.info", "GET dm.list", "ddp:rooms/get"))
OLD, NEW = Release.parse("6.14"), Release.parse("8.0")
SCHEMAS = paths.CONTRACTS / "schemas"

ERRATA = """
overlay: 1.0.0
info: {title: holes, version: 1.0.0}
x-errata:
  a-hole:
    operations: [GET rooms.info]
    releases: "<7.0"
    documented: a text
    served: an operator
    evidence: [observed]
    security: true
actions:
  - {x-erratum: a-hole, target: $.info, update: {x-read: true}}
"""

PROMISES = """
title: everything
promises:
  no-operators:
    kind: security
    operations: ["*", "ddp:*"]
    unless: [GET dm.list]
    promise: an operator is refused
    evidence: [observed]
    known:
      - {operations: [GET rooms.info], releases: "<7.0", erratum: a-hole}
  sorted:
    kind: behaviour
    operations: [GET dm.list]
    releases: ">=7.0"
    promise: the list is sorted
    evidence: [observed]
    level: should
    stated: true
"""


def load(folder: Path, promises: str = PROMISES) -> Behaviours:
    (folder / "holes.yaml").write_text(ERRATA, encoding="utf-8")
    (folder / "all.yaml").write_text(promises, encoding="utf-8")
    errata = load_errata([folder / "holes.yaml"], SCHEMAS / "errata.schema.json")
    return load_behaviours([folder / "all.yaml"], SCHEMAS / "behaviour.schema.json", errata, (INFO, LIST, READ))


def test_a_promise_is_about_the_operations_that_it_selects_and_no_others(tmp_path: Path) -> None:
    behaviours = load(tmp_path)
    assert [one.id for one in behaviours.of(INFO, NEW)] == ["no-operators"]
    assert [one.id for one in behaviours.of(READ, NEW)] == ["no-operators"]
    assert [one.id for one in behaviours.of(LIST, NEW)] == ["sorted"]


def test_a_promise_holds_for_its_releases_alone(tmp_path: Path) -> None:
    assert load(tmp_path).of(LIST, OLD) == ()


def test_a_known_breach_is_advisory_and_names_its_erratum(tmp_path: Path) -> None:
    behaviours = load(tmp_path)
    (old,), (new,) = behaviours.of(INFO, OLD), behaviours.of(INFO, NEW)
    assert (old.level, old.erratum) == (Level.SHOULD, "a-hole")
    assert (new.level, new.erratum) == (Level.MUST, None)
    assert new.kind is ClaimKind.SECURITY


def test_what_a_page_says_is_stated(tmp_path: Path) -> None:
    (found,) = load(tmp_path).of(LIST, NEW)
    assert found.stated
    assert found.level is Level.SHOULD


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("[GET dm.list]\n    releases", "[GET dm.lst]\n    releases", "'GET dm.lst' selects no operation"),
        ("a-hole}", "a-hope}", "unknown erratum 'a-hope'"),
        ("kind: security", "kind: safety", "found 'safety', expected behaviour or security or robustness"),
        ('">=7.0"', '"since 7"', "'since 7' is no release range"),
        ("  no-operators:", "  No Operators:", "'No Operators' cannot stand here as a name"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, right: str, wrong: str, told: str) -> None:
    assert right in PROMISES
    with pytest.raises(FileError) as problem:
        load(tmp_path, PROMISES.replace(right, wrong))
    assert told in problem.value.what
    lines = PROMISES.replace(right, wrong).splitlines()
    assert wrong.partition("\n")[0] in lines[problem.value.line - 1]


def test_an_id_stands_once_for_each_kind(tmp_path: Path) -> None:
    (tmp_path / "more.yaml").write_text(PROMISES, encoding="utf-8")
    load(tmp_path)
    errata = load_errata([tmp_path / "holes.yaml"], SCHEMAS / "errata.schema.json")
    files = [tmp_path / "all.yaml", tmp_path / "more.yaml"]
    with pytest.raises(FileError, match=r"the security no-operators stands in all\.yaml already"):
        load_behaviours(files, SCHEMAS / "behaviour.schema.json", errata, (INFO, LIST, READ))
