"""A performance ends in one of five ways, and leaves the stage as it found it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from preflight.catalog.cases import Needs
from preflight.errors import TargetError
from preflight.model.claim import ClaimId
from preflight.model.json import Json
from preflight.model.run import CaseResult
from preflight.model.verdict import Verdict
from preflight.session.acts import MANNERS, Accepted, Intrusion, Refused
from preflight.session.circumstances import CircumstanceError, NotApplicableError
from preflight.session.performance import BrokenPromiseError, success_status
from preflight.session.reach import PATIENCE
from preflight.session.recorder import UNSEEN
from preflight.wire.rest import Ask
from tests.catalog.miniature import Miniature
from tests.session.theatre import SILENCE, Reply, Theatre, theatre

CHECKS = ("route.exists", "success.status", "success.envelope", "field.type", "field.required", "field.value")


def accepted(world: Theatre, needs: Needs | None = None, contested: tuple[str, ...] = ()) -> CaseResult:
    """Play the accepted case to its end, whatever it is."""
    performance = world.perform()
    case = world.case("by-id")
    case = replace(case, needs=needs or case.needs, expect=replace(case.expect, contested=contested))
    try:
        Accepted(performance=performance, case=case).ask().keeps(*CHECKS)
    except (BrokenPromiseError, CircumstanceError, NotApplicableError):
        pass
    finally:
        result = performance.finish()
    return result


def outcomes(world: Theatre, verdict: Verdict) -> set[str]:
    found = (outcome for outcome in world.ground.recorder.outcomes if outcome.verdict is verdict)
    return {f"{outcome.claim.kind} {outcome.check}" for outcome in found}


# the five endings


def test_a_kept_promise_passes(tmp_path: Path) -> None:
    world = theatre(tmp_path)
    result = accepted(world)
    assert (result.verdict, result.accepted, result.reason) == (Verdict.PASS, True, "")
    assert outcomes(world, Verdict.FAIL) == set()
    assert "success success.status" in outcomes(world, Verdict.PASS)
    assert world.announced == [result.id] == ["shapes/GET rooms.info/case"]


def test_a_broken_promise_fails_with_findings(tmp_path: Path) -> None:
    world = theatre(tmp_path, {"GET rooms.info": (200, {"success": True, "room": {"_id": 7}})})
    result = accepted(world)
    assert (result.verdict, result.accepted) == (Verdict.FAIL, True)
    assert "field field.type" in outcomes(world, Verdict.FAIL)


def test_a_broken_promise_is_told_with_page_and_curl_line(tmp_path: Path) -> None:
    world = theatre(tmp_path, {"GET rooms.info": (200, {"success": True, "room": {"_id": 7}})})
    performance = world.perform()
    reply = Accepted(performance=performance, case=world.case("by-id")).ask()
    with pytest.raises(BrokenPromiseError) as told:
        reply.keeps("field.type")
    assert str(told.value).splitlines()[:4] == [
        'promised type "string"',
        " received integer 7",
        "    where /room/_id",
        "     page https://pages.invalid/rooms-info",
    ]
    assert "$BOB_TOKEN" in str(told.value)
    performance.finish()


def test_a_refused_arrangement_is_inconclusive_and_leaves_its_aim_open(tmp_path: Path) -> None:
    world = theatre(tmp_path, {"POST channels.create": (400, {"success": False, "error": "no"})})
    result = accepted(world)
    assert result.verdict is Verdict.INCONCLUSIVE
    assert result.reason == "could not arrange alice.room: POST channels.create answered 400, no"
    assert outcomes(world, Verdict.INCONCLUSIVE) == {"success case.played"}
    assert not result.accepted


def test_the_rate_limiter_is_never_a_verdict(tmp_path: Path) -> None:
    world = theatre(tmp_path, {"GET rooms.info": (429, {"success": False, "error": "too many"})})
    result = accepted(world)
    assert (result.verdict, result.reason) == (Verdict.INCONCLUSIVE, "the rate limiter refused the request (429)")
    assert len(result.exchanges) == 3, "what happened is evidence all the same"


def test_a_lost_answer_is_inconclusive(tmp_path: Path) -> None:
    result = accepted(theatre(tmp_path, {"GET rooms.info": SILENCE}))
    assert (result.verdict, result.reason) == (Verdict.INCONCLUSIVE, SILENCE.what)


OTHERS: Json = {"success": True, "room": {"_id": "room-of-others"}}


def test_a_case_in_whose_place_others_stand_is_played_anew(tmp_path: Path) -> None:
    answers: Iterator[Json] = iter([OTHERS, OTHERS, {"success": True, "room": {"_id": "room1"}}])
    world = theatre(tmp_path, {"GET rooms.info": lambda _ask: (200, next(answers))})
    assert accepted(world, contested=("/room/_id",)).verdict is Verdict.PASS


def test_a_case_in_whose_place_others_stand_each_time_is_open(tmp_path: Path) -> None:
    result = accepted(theatre(tmp_path, {"GET rooms.info": (200, OTHERS)}), contested=("/room/_id",))
    assert (result.verdict, result.reason) == (
        Verdict.INCONCLUSIVE,
        "what others made meanwhile stands at /room/_id",
    )


@pytest.mark.parametrize("body", [{"success": True}, {"success": False, "room": {"_id": "room-of-others"}}])
def test_where_nothing_stands_at_a_contested_place_the_promise_is_broken(tmp_path: Path, body: Json) -> None:
    result = accepted(theatre(tmp_path, {"GET rooms.info": (200, body)}), contested=("/room/_id",))
    assert result.verdict is Verdict.FAIL


def test_a_case_for_another_edition_does_not_apply(tmp_path: Path) -> None:
    world = theatre(tmp_path)
    result = accepted(world, Needs(edition="enterprise"))
    assert (result.verdict, result.reason) == (Verdict.NOT_APPLICABLE, "the workspace is of the community edition")
    assert outcomes(world, Verdict.NOT_APPLICABLE) == {"success case.played"}
    assert world.target.asked == []


SHOWN = ClaimId.parse("GET rooms.info#field:200.room")


@pytest.mark.parametrize(
    ("reply", "needs", "verdict", "reason"),
    [
        (
            (200, {"success": True, "value": "google"}),
            Needs(found={"Provider": "deepl"}),
            Verdict.NOT_APPLICABLE,
            "the setting Provider was found to be 'google', the case is about 'deepl'",
        ),
        ((403, {"success": False, "error": "no"}), Needs(found={"Provider": "deepl"}), Verdict.INCONCLUSIVE, UNSEEN),
    ],
)
def test_what_a_case_would_show_does_not_apply_only_where_the_target_says_so(
    tmp_path: Path, reply: Reply, needs: Needs, verdict: Verdict, reason: str
) -> None:
    world = theatre(tmp_path, {"GET settings/Provider": reply})
    performance = world.perform()
    case = replace(world.case("by-id"), needs=needs, shows=(SHOWN,))
    with pytest.raises((CircumstanceError, NotApplicableError)):
        Accepted(performance=performance, case=case).ask()
    performance.finish()
    (found,) = (each for each in world.ground.recorder.outcomes if each.claim == SHOWN)
    assert (found.verdict, found.reason) == (verdict, reason)


def test_our_own_trouble_is_an_error(tmp_path: Path) -> None:
    world = theatre(tmp_path)
    performance = world.perform()
    performance.error("KeyError: 'x'")
    result = performance.finish()
    assert (result.verdict, result.reason) == (Verdict.ERROR, "KeyError: 'x'")


# what the endings must not hide


def test_a_case_that_judged_nothing_is_inconclusive_and_says_so(tmp_path: Path) -> None:
    result = theatre(tmp_path).perform().finish()
    assert (result.verdict, result.reason) == (Verdict.INCONCLUSIVE, "no claim of this run was judged by it")


def test_what_comes_after_a_broken_promise_does_not_hide_it(tmp_path: Path) -> None:
    world = theatre(tmp_path, {"GET rooms.info": (200, {"success": True})})
    performance = world.perform()
    reply = Accepted(performance=performance, case=world.case("by-id")).ask()
    with pytest.raises(BrokenPromiseError):
        reply.keeps(*CHECKS)
    performance.inconclusive("the rate limiter")
    assert performance.finish().verdict is Verdict.FAIL


def test_a_reason_holds_no_secret(tmp_path: Path) -> None:
    def refuse(ask: Ask) -> Reply:
        return 400, {"success": False, "error": f"what is {ask.headers['X-Auth-Token']}?"}

    world = theatre(tmp_path, {"POST channels.create": refuse})
    assert accepted(world).reason.endswith("400, what is <alice.token>?")
    assert "token-of" not in repr(world.ground.recorder.outcomes)


def test_fields_beyond_the_contract_are_noted(tmp_path: Path) -> None:
    world = theatre(tmp_path, {"GET rooms.info": (200, {"success": True, "room": {"_id": "room1", "extra": 1}})})
    assert accepted(world).verdict is Verdict.PASS
    assert [(found.where, found.type) for found in world.ground.recorder.beyond] == [("room.extra", "integer")]


# losses


def test_after_losses_in_a_row_no_further_request_is_sent(tmp_path: Path) -> None:
    world = theatre(tmp_path)
    assert accepted(world).verdict is Verdict.PASS
    world.target.behaviours = {}
    world.target.behaviours["GET rooms.info"] = SILENCE
    for _ in range(PATIENCE + 1):  # the last of them finds that it answers nothing but what it is
        accepted(world)
    sent = len(world.target.asked)
    result = accepted(world)
    assert (result.verdict, result.reason) == (Verdict.INCONCLUSIVE, f"the target was lost: {SILENCE.what}")
    assert len(world.target.asked) == sent


def test_a_target_that_answers_now_and_then_is_not_given_up(tmp_path: Path) -> None:
    world = theatre(tmp_path)
    answering = world.target.behaviours["GET rooms.info"]
    for _ in range(PATIENCE + 1):
        world.target.behaviours["GET rooms.info"] = SILENCE
        assert accepted(world).reason == SILENCE.what
        world.target.behaviours["GET rooms.info"] = answering
        assert accepted(world).verdict is Verdict.PASS


# clearing


def with_a_room_of_its_own(model: Miniature) -> None:
    model.change("cast.yaml", "lives: run", "lives: case")


@pytest.mark.parametrize("reply", [(403, {"success": False}), SILENCE])
def test_what_could_not_be_cleared_waits_in_the_journal(tmp_path: Path, reply: Reply) -> None:
    world = theatre(tmp_path, {"POST channels.delete": reply}, miniature=with_a_room_of_its_own)
    assert accepted(world).verdict is Verdict.PASS
    assert [entry.what for entry in world.journal.standing][-1] == "alice.room room1"
    assert world.ground.recorder.leftovers == []


def test_a_scene_is_cleared_whatever_the_ending(tmp_path: Path) -> None:
    world = theatre(tmp_path, {"GET rooms.info": (500, None)}, miniature=with_a_room_of_its_own)
    assert accepted(world).verdict is Verdict.FAIL
    assert world.target.names[-1] == "admin POST channels.delete"


# refused cases and intruders


def test_a_refused_request_that_was_done_all_the_same_is_found(tmp_path: Path) -> None:
    refusal: Json = {"success": False, "error": "no room [error-no-room]", "errorType": "error-no-room"}

    def refuse_and_do(ask: Ask) -> Reply:
        del ask
        world.target.behaviours["GET rooms.get"] = (200, {"success": True, "update": [{"_id": "new"}]})
        return 400, refusal

    world = theatre(tmp_path, {"GET rooms.info": refuse_and_do})
    performance = world.perform("refusals")
    reply = Refused(performance=performance, case=world.case("nothing-given")).ask()
    with pytest.raises(BrokenPromiseError, match=r"afterwards /alice rooms\.get/"):
        reply.keeps("refusal.status", "refusal.no-effect")
    assert performance.finish().verdict is Verdict.FAIL


def with_needs_before(model: Miniature) -> None:
    model.change(
        "cases/rooms.yaml",
        "        query: {roomId: '{alice.room.id}'}\n        expect: {body: {/room/_id: '{alice.room.id}'}",
        "        query: {roomId: '{before.id}'}\n        needs: {settings: {Some_Setting: true}}\n"
        "        before:\n        - {as: bob, operation: POST dm.create, body: {username: x}, take: {id: /room/_id}}\n"
        "        expect: {body: {/room/_id: '{before.id}'}",
    )


@pytest.mark.parametrize("needs_met", [True, False])
def test_an_intruder_comes_even_where_the_settings_of_the_case_may_not_be_changed(
    tmp_path: Path,
    needs_met: bool,  # noqa: FBT001 (a parameter of the test)
) -> None:
    changes: dict[str, Reply | Callable[[Ask], Reply]] = {
        "GET settings/Some_Setting": (200, {"value": needs_met}),
        "POST dm.create": (200, {"success": True, "room": {"_id": "dm1"}}),
        "GET rooms.info": (401, {"status": "error", "message": "log in"}),
    }
    world = theatre(tmp_path, changes, may_change=False, miniature=with_needs_before)
    performance = world.perform("authentication")
    Intrusion(performance=performance, case=world.case("by-id"), manner=MANNERS[0]).ask().keeps(
        "authentication.demanded"
    )
    assert world.target.asked[-1].query == (("roomId", "dm1"),)
    assert performance.finish().verdict is Verdict.PASS


def test_the_status_of_success_is_the_documented_one(tmp_path: Path) -> None:
    contract = next(iter(theatre(tmp_path).catalog.contracts.values()))
    assert success_status(contract) == 200
    assert success_status(replace(contract, responses={201: contract.responses[200]})) == 200
    created = replace(contract.responses[200], status=201)
    assert success_status(replace(contract, responses={201: created})) == 201
    assert success_status(replace(contract, responses={})) == 200


def test_a_target_error_does_not_leave_a_performance(tmp_path: Path) -> None:
    world = theatre(tmp_path, {"POST login": TargetError("odd", hint="look")})
    with pytest.raises(CircumstanceError, match="odd"):
        world.perform().login_headers("alice")
