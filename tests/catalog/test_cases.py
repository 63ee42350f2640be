"""Cases: read as they are written, placeholders left in."""

import pytest

from preflight.catalog.cases import CaseKind
from preflight.errors import FileError
from preflight.model.claim import ClaimId
from preflight.model.json import Json
from preflight.model.release import Release
from tests.catalog.miniature import Miniature

FULL = """\
operations:
  GET rooms.info:
    refused:
      everything:
        title: everything is said
        as: admin
        query: {roomId: '{unknown.id}', count: 3}
        headers: {X-Thing: '{case.token}'}
        body: null
        refusal: 400.error-no-room
        error: no room {unknown.id}
        omits: [header.X-Auth-Token]
        lacks: view-room
        releases: '>=6.0,<9.0'
        needs: {settings: {A_B: true}, found: {C_D: deepl}, edition: enterprise}
        expect: {body: {/details/id: '{before.id}'}, absent: [/room]}
        before:
        - as: bob
          operation: POST rooms.media/{alice.room.id}
          file: {name: '{case.token}.txt', type: text/plain, text: hello}
          take: {id: /file/_id}
"""


def test_a_case_says_all_that_its_file_says(miniature: Miniature) -> None:
    miniature.write("cases/rooms.yaml", FULL)
    (case,) = miniature.load().cases
    assert case.id == "GET rooms.info/everything"
    assert (case.kind, case.actor, case.title) == (CaseKind.REFUSED, "admin", "everything is said")
    assert case.claim == ClaimId.parse("GET rooms.info#refusal:400.error-no-room")
    assert (case.query, case.headers) == ({"roomId": "{unknown.id}", "count": 3}, {"X-Thing": "{case.token}"})
    assert (case.body, case.has_body) == (None, True)
    assert (case.error, case.omits, case.lacks) == ("no room {unknown.id}", ("header.X-Auth-Token",), "view-room")
    assert Release.parse("8.0") in case.releases
    assert (case.needs.settings, case.needs.edition) == ({"A_B": True}, "enterprise")
    assert case.needs.found == {"C_D": "deepl"}
    assert (case.expect.status, case.expect.absent) == (None, ("/room",))
    (step,) = case.before
    assert (step.method, step.route, step.take) == ("POST", "rooms.media/{alice.room.id}", {"id": "/file/_id"})
    assert step.file is not None
    assert step.file.name == "{case.token}.txt"
    assert case.names == ("alice.room.id", "case.token", "unknown.id", "case.token", "before.id", "unknown.id")


def test_an_accepted_case_says_what_it_is_there_to_show(miniature: Miniature) -> None:
    title = "title: a member asks by id\n"
    miniature.change("cases/rooms.yaml", title, f"{title}        shows: ['field:200.room']\n")
    case = next(case for case in miniature.load().cases if case.name == "by-id")
    assert case.shows == (ClaimId.parse("GET rooms.info#field:200.room"),)


def test_what_a_case_leaves_out_has_its_default(miniature: Miniature) -> None:
    nothing = next(case for case in miniature.load().cases if case.name == "nothing-given")
    empty: Json = {}
    assert (nothing.actor, nothing.query, nothing.has_body) == ("alice", empty, False)
    assert (nothing.before, nothing.shows) == ((), ())
    assert Release.parse("1.0") in nothing.releases


def test_accepted_and_refused_cases_may_share_a_name(miniature: Miniature) -> None:
    miniature.change("cases/rooms.yaml", "      nothing-given:", "      by-id:")
    kinds = [case.kind for case in miniature.load().cases if case.name == "by-id"]
    assert kinds == [CaseKind.ACCEPTED, CaseKind.REFUSED]


def test_what_is_contested_is_expected(miniature: Miniature) -> None:
    miniature.change("cases/rooms.yaml", "absent: [/team]}", "absent: [/team], contested: [/room/_id]}")
    case = next(case for case in miniature.load().cases if case.name == "by-id")
    assert case.expect.contested == ("/room/_id",)


def test_a_contested_place_of_which_nothing_is_expected_is_told_with_its_line(miniature: Miniature) -> None:
    miniature.change("cases/rooms.yaml", "absent: [/team]}", "absent: [/team], contested: [/room/id]}")
    with pytest.raises(FileError, match=r"cases/rooms.yaml:8: nothing is expected at /room/id") as told:
        miniature.load()
    assert "/room/_id" in told.value.hint
