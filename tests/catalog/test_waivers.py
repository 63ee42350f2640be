from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preflight.catalog.waivers import Waiver, WaiversFile, load_waivers
from preflight.errors import FileError
from preflight.model.claim import ClaimId
from preflight.model.operation import OperationKey
from preflight.model.release import Release

TEXT = """
waivers:
  usernames-null:
    claim: GET rooms.get#field:200.update[].usernames
    check: field.type
    where: /update/*/usernames
    releases: ">=8.0,<8.3"
    owner: team-chat
    reason: a proxy drops the list
    link: https://tracker.example.org/1
    expires: "2027-01-31"
"""
CLAIM = ClaimId.parse("GET rooms.get#field:200.update[].usernames")
KEYS = (OperationKey.parse("GET rooms.get"), OperationKey.parse("GET rooms.info"))
CHECKS = ("field.type", "field.required")
BEFORE, LAST, AFTER = date(2026, 12, 1), date(2027, 1, 31), date(2027, 2, 1)


def waivers_of(text: str) -> tuple[Waiver, ...]:
    with TemporaryDirectory() as folder:
        return load(Path(folder), text).every


def load(folder: Path, text: str = TEXT) -> WaiversFile:
    path = folder / "waivers.yaml"
    path.write_text(text, encoding="utf-8")
    return load_waivers(path)


def test_a_waiver_accepts_the_finding_that_it_means(tmp_path: Path) -> None:
    waivers = load(tmp_path).at(Release.parse("8.0"), KEYS, CHECKS)
    found = waivers.covering(CLAIM, "field.type", "/update/3/usernames", BEFORE)
    assert found is not None
    assert (found.id, found.owner) == ("usernames-null", "team-chat")


@pytest.mark.parametrize(
    ("claim", "check", "where"),
    [
        ("GET rooms.info#field:200.update[].usernames", "field.type", "/update/3/usernames"),
        ("GET rooms.get#field:200.update[].usernames", "field.required", "/update/3/usernames"),
        ("GET rooms.get#field:200.update[].usernames", "field.type", "/update/3/usernames/0"),
        ("GET rooms.get#field:200.update[].usernames", "field.type", "/remove/3/usernames"),
        ("GET rooms.get#field:200.update[].usernames", "field.type", "status"),
    ],
)
def test_a_waiver_accepts_nothing_else(tmp_path: Path, claim: str, check: str, where: str) -> None:
    waivers = load(tmp_path).at(Release.parse("8.0"), KEYS, CHECKS)
    assert waivers.covering(ClaimId.parse(claim), check, where, BEFORE) is None


def test_a_waiver_holds_on_its_last_day_and_no_longer(tmp_path: Path) -> None:
    waivers = load(tmp_path).at(Release.parse("8.0"), KEYS, CHECKS)
    assert waivers.covering(CLAIM, "field.type", "/update/0/usernames", LAST) is not None
    assert waivers.covering(CLAIM, "field.type", "/update/0/usernames", AFTER) is None


def test_a_waiver_of_other_releases_is_left_out(tmp_path: Path) -> None:
    assert load(tmp_path).at(Release.parse("8.3"), KEYS, CHECKS).every == ()


def test_without_a_file_nothing_is_waived() -> None:
    assert load_waivers(None).at(Release.parse("8.0"), KEYS, CHECKS).every == ()


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("    owner: team-chat\n", "", "'owner' is missing in waivers/usernames-null"),
        (
            "    owner: team-chat\n",
            "    owner: me\n    chek: field.type\n",
            "unknown key 'chek' in waivers/usernames-null",
        ),
        ("2027-01-31", "2027-02-30", "day"),
        ("GET rooms.get#field:200.update[].usernames", "rooms.get", "'rooms.get' is no claim"),
        (">=8.0,<8.3", "8 to 9", "'8 to 9' is no release range"),
        ("https://tracker.example.org/1", "ticket 1", "found 'ticket 1' in waivers/usernames-null/link"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, right: str, wrong: str, told: str) -> None:
    with pytest.raises(FileError) as problem:
        load(tmp_path, TEXT.replace(right, wrong))
    assert told in problem.value.what
    assert problem.value.line > 1


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("GET rooms.get#", "GET rooms.gt#", "unknown claim of waiver usernames-null: 'GET rooms.gt'"),
        ("field.type", "field.typ", "unknown check of waiver usernames-null: 'field.typ'"),
    ],
)
def test_what_does_not_exist_is_told_with_the_nearest(tmp_path: Path, right: str, wrong: str, told: str) -> None:
    with pytest.raises(FileError) as problem:
        load(tmp_path, TEXT.replace(right, wrong)).at(Release.parse("8.0"), KEYS, CHECKS)
    assert told in problem.value.what
    assert right.strip("#") in problem.value.hint


@given(
    st.lists(st.sampled_from(["a", "b", "0", "*"]), max_size=4), st.lists(st.sampled_from(["a", "b", "0"]), max_size=4)
)
def test_a_star_stands_for_exactly_one_part(pattern: list[str], parts: list[str]) -> None:
    where = "/".join(["", *pattern])
    text = TEXT.replace("/update/*/usernames", f'"{where}"')
    (waiver,) = waivers_of(text)
    alike = len(pattern) == len(parts) and all(p in {"*", part} for p, part in zip(pattern, parts, strict=True))
    assert waiver.covers(CLAIM, "field.type", "/".join(["", *parts])) is alike
