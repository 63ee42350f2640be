"""Trespasses: what is tried, with whose things, and what is promised of it at a release."""

import pytest

from preflight.catalog.catalog import load_catalog
from preflight.catalog.trespasses import Fate, Right
from preflight.errors import FileError
from preflight.model.claim import ClaimId, ClaimKind
from preflight.model.operation import OperationKey
from preflight.model.release import Release
from tests.catalog.miniature import Miniature

INFO = OperationKey.parse("GET rooms.info")
TRESPASSES = """\
about: outsiders
title: rooms of others
operations:
  GET rooms.info:
    by-id:
      title: an outsider asks
      as: bob
      of: [alice.room]
      query: {roomId: "{theirs.id}"}
      refusal: [400.error-archived, 400.error-no-room]
    lenient:
      title: an outsider asks for nothing
      as: bob
      of: [alice.room, alice.message]
      query: {roomId: "x"}
      harmless: {/room: null}
"""


def written(miniature: Miniature, text: str = TRESPASSES) -> Miniature:
    folder = miniature.root / "trespasses"
    folder.mkdir(exist_ok=True)
    (folder / "outsiders.yaml").write_text(text, encoding="utf-8")
    return miniature


def test_each_thing_makes_a_trespass_of_its_own(miniature: Miniature) -> None:
    by_id, lenient = written(miniature).load().trespasses_of(INFO, "outsiders")
    assert (by_id.case.name, by_id.case.title, by_id.fate) == (
        "by-id-alice.room",
        "an outsider asks (alice.room)",
        Fate.REFUSED,
    )
    assert by_id.case.query == {"roomId": "{alice.room.id}"}
    assert by_id.things == ("alice.room",)
    assert (lenient.fate, lenient.things, lenient.case.expect.body) == (
        Fate.HARMLESS,
        ("alice.room", "alice.message"),
        {"/room": None},
    )


def test_the_refusals_are_those_that_the_release_has(miniature: Miniature) -> None:
    assert written(miniature).load("8.0").trespasses_of(INFO, "outsiders")[0].refusals == (
        "400.error-archived",
        "400.error-no-room",
    )
    assert written(miniature).load("8.6").trespasses_of(INFO, "outsiders")[0].refusals == ("400.error-no-room",)


def test_a_right_may_be_taken_and_a_refusal_promised_without_it(miniature: Miniature) -> None:
    text = TRESPASSES.replace("refusal: [400.error-archived, 400.error-no-room]", "without: 400.error-no-room").replace(
        "      as: bob\n",
        "      as: bob\n      allowed: {/room/_id: x}\n      right: {permission: view-room, roles: [user]}\n",
        1,
    )
    taken, _ = written(miniature, text).load().trespasses_of(INFO, "outsiders")
    assert (taken.fate, taken.refusals, taken.case.refusal) == (Fate.ALLOWED, ("400.error-no-room",), None)
    assert taken.right == Right(permission="view-room", roles=("user",))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("GET rooms.info:", "GET rooms.inform:", "unknown operation 'GET rooms.inform'"),
        ("of: [alice.room]", "of: [alice.rom]", "unknown thing 'alice.rom'"),
        ("as: bob", "as: bobo", "unknown person 'bobo'"),
        ("{theirs.id}", "{theirs.ids}", "unknown placeholder {alice.room.ids}"),
        ("400.error-no-room]", "400.error-none]", "no refusal 400.error-none"),
        ('query: {roomId: "x"}', "params: []", "'params' cannot be sent to a route"),
        ("harmless: {/room: null}", "harmles: {}", "unknown key 'harmles'"),
        ("      harmless: {/room: null}\n", "", "nothing may come of it"),
        ("harmless: {/room: null}", "harmless: {}\n      allowed: {}", "several things may come of it"),
    ],
)
def test_a_mistake_is_told(miniature: Miniature, old: str, new: str, says: str) -> None:
    assert old in TRESPASSES
    with pytest.raises(FileError) as told:
        written(miniature, TRESPASSES.replace(old, new, 1)).load()
    assert says in str(told.value)
    assert "outsiders.yaml" in str(told.value)


@pytest.mark.parametrize("release", ["6.14", "8.0", "8.8"])
def test_every_operation_that_names_things_of_others_is_tried(release: str) -> None:
    catalog = load_catalog(Release.parse(release))
    for claim in catalog.claims:
        if claim.kind is ClaimKind.SECURITY and claim.subject.startswith("outsiders."):
            fates = {each.fate for each in catalog.trespasses_of(claim.operation, "outsiders")}
            assert Fate.REFUSED in fates if claim.subject == "outsiders.refused" else fates, claim


@pytest.mark.parametrize("release", ["6.14", "8.0", "8.8"])
def test_every_trespass_is_about_claims_that_exist(release: str) -> None:
    catalog = load_catalog(Release.parse(release))
    for trespass in catalog.trespasses:
        promise = "let-in" if trespass.fate is Fate.ALLOWED else "change-nothing"
        promise = "take-effect" if trespass.about == "rights" else promise
        claim = ClaimId(trespass.operation, ClaimKind.SECURITY, f"{trespass.about}.{promise}")
        assert claim in catalog.claims, claim


@pytest.mark.parametrize("release", ["6.14", "8.0", "8.8"])
def test_what_depends_on_a_right_says_on_which(release: str) -> None:
    for trespass in load_catalog(Release.parse(release)).trespasses:
        assert (trespass.right is not None) == (trespass.about != "outsiders"), trespass.case.id


def test_private_things_are_told_from_others() -> None:
    things = load_catalog(Release.parse("8.0")).cast.things
    private = {name for name, thing in things.items() if thing.private}
    assert {"vault.group", "vault.dm", "vault.talk"} <= private
    assert not any(name.startswith(("alice.", "eve.")) for name in private)
