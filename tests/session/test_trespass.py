"""Trespasses: tried between two looks of a member, the culprit found, permissions given back, ghosts kept out."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import pytest

from preflight.catalog.cases import Needs
from preflight.model.claim import ClaimId
from preflight.model.exchange import Exchange, Request, Response
from preflight.model.json import Json, as_list, as_object
from preflight.model.outcome import Outcome
from preflight.model.run import CaseResult
from preflight.model.verdict import Verdict
from preflight.session.answers import Answers, operation_of
from preflight.session.casting import ABSENT, Casting
from preflight.session.circumstances import CircumstanceError, NotApplicableError
from preflight.session.performance import BrokenPromiseError, Performance
from preflight.session.trespass import Former, Trespassing, Withdrawal, changes
from preflight.wire.rest import Ask
from tests.catalog.miniature import Miniature
from tests.session.theatre import SILENCE, Behaviour, Reply, Theatre, theatre

PROMISES = ("outsiders.refused", "outsiders.told-nothing", "outsiders.change-nothing")
CHECKS = ("authorization.refused", "authorization.no-leak", "authorization.no-effect")
NO_ROOM: dict[str, Json] = {"success": False, "error": "no room [error-no-room]", "errorType": "error-no-room"}
REFUSED: Reply = (400, NO_ROOM)
TRESPASSES = """\
about: outsiders
title: rooms of others
operations:
  GET rooms.info:
    by-id:
      title: an outsider asks by id
      as: bob
      of: [alice.room]
      query: {roomId: "{theirs.id}"}
      refusal: 400.error-no-room
    by-name:
      title: an outsider asks by name
      as: bob
      of: [alice.room]
      query: {roomName: "{theirs.name}"}
      refusal: 400.error-no-room
"""
RIGHTS = """\
about: rights
title: permissions taken away
operations:
  GET rooms.info:
    room:
      title: a member asks
      as: bob
      query: {roomId: "{alice.room.id}"}
      right: {permission: view-room, roles: [user]}
      without: 400.error-no-room
      allowed: {}
"""
ALL = (*PROMISES, "rights.take-effect", "tokens.refused", "secrets.kept")


def security(model: Miniature) -> None:
    """Let the miniature promise security, and let its room be private."""
    promises = "".join(
        f"  {name}: {{kind: security, operations: [GET rooms.info], promise: it is so, evidence: [seen]}}\n"
        for name in ALL
    )
    for folder, name, text in (
        ("behaviour", "security", f"title: security\npromises:\n{promises}"),
        ("trespasses", "outsiders", TRESPASSES),
        ("trespasses", "rights", RIGHTS),
    ):
        (model.root / folder).mkdir(exist_ok=True)
        (model.root / folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    cast = model.root / "cast.yaml"
    cast.write_text(
        cast.read_text(encoding="utf-8").replace("  alice.room:\n", "  alice.room:\n    private: true\n"),
        encoding="utf-8",
    )


class Room:
    """A target with one room, which it tells of in several ways."""

    def __init__(self) -> None:
        self.topic = "plans"
        self.looks = 0

    def listed(self, ask: Ask) -> Reply:
        self.looks += ask.actor == "alice"
        return 200, {"success": True, "update": [{"_id": "room-one", "topic": self.topic}], "remove": []}


def world_of(
    folder: Path,
    asked: Reply | Behaviour,
    room: Room | None = None,
    more: Mapping[str, Reply | Behaviour] | None = None,
    *,
    may_change: bool = True,
) -> Theatre:
    shown = room or Room()
    answers: dict[str, Reply | Behaviour] = {
        "POST channels.create": (200, {"success": True, "channel": {"_id": "room-one", "name": "hidden"}}),
        "GET rooms.info": asked,
        "GET rooms.get": shown.listed,
        "GET chat.syncMessages": (200, {"success": True, "result": {"updated": [], "deleted": []}}),
        "GET subscriptions.get": (200, {"success": True, "update": [{"rid": "room-one", "open": True}], "remove": []}),
    }
    return theatre(folder, answers | dict(more or {}), miniature=security, may_change=may_change)


def claims(*names: str) -> tuple[ClaimId, ...]:
    return tuple(ClaimId.parse(f"GET rooms.info#security:{name}") for name in names)


def played(performance: Performance, play: Callable[[], None]) -> tuple[list[Outcome], CaseResult]:
    """Play something to its end, whatever comes of it."""
    with suppress(BrokenPromiseError, CircumstanceError, NotApplicableError):
        play()
    return performance.outcomes, performance.finish()


def tried(world: Theatre) -> tuple[list[Outcome], CaseResult]:
    performance = world.perform("outsiders")
    act = Trespassing(performance=performance, claims=claims(*PROMISES))
    return played(performance, lambda: act.tries().keeps(*CHECKS))


def found(outcomes: list[Outcome]) -> list[tuple[str, str, str]]:
    return [(each.check, finding.promised, finding.where) for each in outcomes for finding in each.findings]


def test_who_is_refused_told_nothing_and_changes_nothing_keeps_every_promise(tmp_path: Path) -> None:
    room = Room()
    outcomes, result = tried(world_of(tmp_path, REFUSED, room))
    assert result.verdict is Verdict.PASS
    assert [outcome.check for outcome in outcomes] == list(CHECKS)
    assert room.looks == 3, "twice until it is at rest, and once after everything"


def test_what_is_private_may_stand_in_no_answer(tmp_path: Path) -> None:
    telling: Reply = (400, {**NO_ROOM, "details": "hidden"})
    outcomes, result = tried(world_of(tmp_path, telling))
    assert result.verdict is Verdict.FAIL
    # The name was said by who asked by it: there it is no leak, nor is the id in the other.
    assert found(outcomes) == [
        ("authorization.no-leak", "nothing of alice.room where an outsider asks by id (alice.room)", "/details")
    ]


def test_of_several_that_could_have_changed_a_thing_the_one_is_found_that_did(tmp_path: Path) -> None:
    room = Room()

    def asked(ask: Ask) -> Reply:
        if dict(ask.query).get("roomName"):
            room.topic += "!"
        return REFUSED

    outcomes, _ = tried(world_of(tmp_path, asked, room))
    assert found(outcomes) == [
        (
            "authorization.no-effect",
            'unchanged: "plans" where an outsider asks by name (alice.room)',
            "afterwards /alice.room/room/topic",
        )
    ]


def test_things_that_do_not_come_to_rest_are_not_judged(tmp_path: Path) -> None:
    room = Room()
    busy = iter(range(100))
    world = world_of(tmp_path, REFUSED, room)
    listed = room.listed

    def restless(ask: Ask) -> Reply:
        room.topic = str(next(busy))
        return listed(ask)

    world.target.behaviours["GET rooms.get"] = restless
    outcomes, result = tried(world)
    assert result.verdict is Verdict.INCONCLUSIVE
    assert result.reason == "the private things did not come to rest"
    assert {outcome.verdict for outcome in outcomes} == {Verdict.INCONCLUSIVE}


def test_what_a_trespass_changes_of_what_all_share_is_known_beforehand(tmp_path: Path) -> None:
    catalog = world_of(tmp_path, REFUSED).catalog
    assert changes(catalog, claims("outsiders.refused")) == ""
    assert changes(catalog, claims("rights.take-effect")) == "['view-room']"


class Holding:
    """A target that lets in who holds a permission, and remembers to whom it was given."""

    def __init__(self, *, forgets: bool = True) -> None:
        self.roles: list[Json] = [["admin", "user"]]
        self.forgets = forgets

    def show(self, _ask: Ask) -> Reply:
        return 200, {"update": [{"_id": "view-room", "roles": self.roles[-1]}], "remove": [], "success": True}

    def change(self, ask: Ask) -> Reply:
        (wanted,) = as_list(as_object(ask.body)["permissions"])
        self.roles.append(as_object(wanted)["roles"])
        return 200, {"success": True}

    def asked(self, _ask: Ask) -> Reply:
        held = "user" in as_list(self.roles[-1]) or not self.forgets
        return (200, {"success": True, "room": {"_id": "room1"}}) if held else REFUSED

    def world(self, folder: Path, *, may_change: bool = True) -> Theatre:
        more = {"GET permissions.listAll": self.show, "POST permissions.update": self.change}
        return world_of(folder, self.asked, more=more, may_change=may_change)


def withdrawn(world: Theatre) -> tuple[list[Outcome], CaseResult]:
    performance = world.perform("permissions")
    act = Withdrawal(performance=performance, claims=claims("rights.take-effect"))
    return played(performance, lambda: act.is_tried().keeps("authorization.permission-effective"))


def test_a_permission_is_used_taken_away_and_given_back(tmp_path: Path) -> None:
    holding = Holding()
    world = holding.world(tmp_path)
    _, result = withdrawn(world)
    assert result.verdict is Verdict.PASS
    assert holding.roles == [["admin", "user"], ["admin"], ["admin", "user"]]
    assert not [entry for entry in world.journal.standing if entry.what.startswith("permission")]


@pytest.mark.parametrize("lost", [SILENCE, (502, None)])
def test_a_permission_whose_return_was_not_answered_for_is_given_back_at_once(tmp_path: Path, lost: Reply) -> None:
    holding = Holding()
    world, answers = holding.world(tmp_path), iter([None, lost])

    def change(ask: Ask) -> Reply:
        return next(answers, None) or holding.change(ask)

    world.target.behaviours["POST permissions.update"] = change
    _, result = withdrawn(world)
    assert result.verdict is Verdict.INCONCLUSIVE
    assert holding.roles == [["admin", "user"], ["admin"], ["admin", "user"]]


def test_a_case_waits_for_a_permission_that_was_not_given_back(tmp_path: Path) -> None:
    holding = Holding()
    world = holding.world(tmp_path)
    world.ground.rights.meet({"view-room": ["admin"]})
    world.target.behaviours["POST permissions.update"] = (502, None)
    with pytest.raises(CircumstanceError):
        world.ground.provide(Needs())
    world.target.behaviours["POST permissions.update"] = holding.change
    world.ground.provide(Needs())
    assert holding.roles[-1] == ["admin", "user"]


def test_a_permission_that_is_remembered_is_found_and_given_back_all_the_same(tmp_path: Path) -> None:
    holding = Holding(forgets=False)
    outcomes, result = withdrawn(holding.world(tmp_path))
    assert result.verdict is Verdict.FAIL
    assert [promised for _, promised, _ in found(outcomes)] == [
        "400 error-no-room where a member asks, without the permission view-room"
    ]
    assert holding.roles[-1] == ["admin", "user"]


def test_permissions_are_left_alone_where_nothing_may_change(tmp_path: Path) -> None:
    holding = Holding()
    _, result = withdrawn(holding.world(tmp_path, may_change=False))
    assert result.verdict is Verdict.NOT_APPLICABLE
    assert "--disruptive" in result.reason
    assert holding.roles == [["admin", "user"]]


def test_who_is_refused_with_the_permission_shows_nothing_without_it(tmp_path: Path) -> None:
    holding = Holding()
    world = holding.world(tmp_path)
    world.target.behaviours["GET rooms.info"] = REFUSED
    _, result = withdrawn(world)
    assert result.verdict is Verdict.INCONCLUSIVE
    assert result.reason.startswith("a member asks: refused while the permission was there")
    assert holding.roles == [["admin", "user"]]


def former(world: Theatre) -> tuple[list[Outcome], CaseResult]:
    performance = world.perform("tokens")
    act = Former(performance=performance, claims=claims("tokens.refused"))
    return played(performance, lambda: act.ask().keeps("authorization.token-dead"))


SHUTTING_OUT: dict[str, Reply | Behaviour] = {
    "POST logout": (200, {"status": "success"}),
    "POST users.setActiveStatus": (200, {"success": True}),
}


def test_each_kind_of_ghost_asks_with_the_token_of_before(tmp_path: Path) -> None:
    gone: Reply = (401, {"status": "error", "message": "log in"})
    world = world_of(tmp_path, gone, more=SHUTTING_OUT)
    outcomes, result = former(world)
    assert result.verdict is Verdict.PASS, [*outcomes, result]
    askers = [ask.headers["X-Auth-Token"] for ask in world.target.asked if ask.path.endswith("rooms.info")]
    assert askers == [f"token-of-pf-abc.{name}" for name in ("loggedout", "deactivated", "deleted")]
    undone = {entry.what: entry.undo.gone for entry in world.journal.standing if entry.what.startswith("user pf-abc.d")}
    assert undone == {"user pf-abc.deactivated": True, "user pf-abc.deleted": True}


def test_a_ghost_that_is_let_in_is_found_by_name(tmp_path: Path) -> None:
    def asked(ask: Ask) -> Reply:
        return (200, {"success": True}) if "deactivated" in ask.headers["X-Auth-Token"] else (401, {})

    outcomes, result = former(world_of(tmp_path, asked, more=SHUTTING_OUT))
    assert result.verdict is Verdict.FAIL
    assert found(outcomes) == [
        ("authorization.token-dead", "401 where somebody whose account was deactivated asks", "status")
    ]


def test_where_nobody_can_be_shut_out_everybody_who_asks_is_told_why(tmp_path: Path) -> None:
    refusing: Reply = (403, {"success": False, "error": "unauthorized"})
    world = world_of(tmp_path, REFUSED, more={**SHUTTING_OUT, "POST users.setActiveStatus": refusing})
    reasons = [former(world)[1].reason for _ in range(2)]
    assert reasons == ["pf-abc.deactivated could not be shut out: 403, unauthorized"] * 2
    assert sum("users.setActiveStatus" in ask.path for ask in world.target.asked) == 1


def test_who_was_not_plainly_logged_out_is_no_ghost(tmp_path: Path) -> None:
    world = world_of(tmp_path, REFUSED, more={**SHUTTING_OUT, "POST logout": (302, None)})
    assert former(world)[1].reason == "pf-abc.loggedout could not be shut out: 302"
    assert not [ask for ask in world.target.asked if ask.path.endswith("rooms.info")]


@pytest.mark.parametrize("lost", [SILENCE, (502, None)])
def test_ghosts_whose_making_the_network_broke_off_are_made_once_more_by_other_names(
    tmp_path: Path, lost: Reply
) -> None:
    world = world_of(tmp_path, (401, {"status": "error"}), more={**SHUTTING_OUT, "POST logout": lost})
    assert former(world)[1].verdict is Verdict.INCONCLUSIVE
    world.target.behaviours["POST logout"] = (200, {"status": "success"})
    assert former(world)[1].verdict is Verdict.PASS
    askers = [ask.headers["X-Auth-Token"] for ask in world.target.asked if ask.path.endswith("rooms.info")]
    assert askers == [f"token-of-pf-abc.{name}2" for name in ("loggedout", "deactivated", "deleted")]


def test_every_answer_to_somebody_who_is_no_administrator_is_looked_at(tmp_path: Path) -> None:
    telling: Reply = (400, {**NO_ROOM, "by": {"_id": "x", "emails": ["x@y.invalid"]}})
    world = world_of(tmp_path, telling)
    tried(world)
    performance = world.perform("secrets")
    act = Answers(performance=performance, claims=claims("secrets.kept"))
    outcomes, result = played(performance, lambda: act.to_others().keeps("authorization.no-secrets"))
    assert result.verdict is Verdict.FAIL
    assert found(outcomes) == [
        ("authorization.no-secrets", f"no emails to bob where an outsider asks by {how} (alice.room)", "/by/emails")
        for how in ("id", "name")
    ]


def test_where_nobody_has_asked_yet_nothing_is_known(tmp_path: Path) -> None:
    world = world_of(tmp_path, REFUSED)
    performance = world.perform("secrets")
    act = Answers(performance=performance, claims=claims("secrets.kept"))
    _, result = played(performance, lambda: act.to_others().keeps("authorization.no-secrets"))
    assert (result.verdict, result.reason) == (Verdict.INCONCLUSIVE, "nobody but the administrator has asked")


def test_nobody_is_made_and_no_answer_judged_where_nothing_may_be_created(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = world_of(tmp_path, REFUSED)
    monkeypatch.setattr(type(world.stage), "read_only", True)
    world.company.casting = Casting(closed=f"--read-only: nobody is created, so there is no {ABSENT}")
    assert former(world)[1].reason == "--read-only: nobody is created, so there is no loggedout"
    assert world.journal.doubtful == ()
    performance = world.perform("secrets")
    act = Answers(performance=performance, claims=claims("secrets.kept"))
    _, result = played(performance, lambda: act.to_others().keeps("authorization.no-secrets"))
    assert result.reason == "--read-only: everybody is the account of the run, which may see more"


@pytest.mark.parametrize(
    ("method", "url", "body", "operation"),
    [
        ("GET", "http://a.invalid/sub/api/v1/rooms.info?roomId=x", None, "GET rooms.info"),
        ("POST", "http://a.invalid/api/v1/method.call/x", "{}", "POST method.call/x"),
        ("GET", "http://a.invalid/api/info", None, None),
        ("ddp", "ws://a.invalid/websocket", '{"msg": "method", "method": "rooms/get"}', "ddp:rooms/get"),
        ("ddp", "ws://a.invalid/websocket", '{"msg": "ping"}', None),
        ("ddp", "ws://a.invalid/websocket", "no JSON", None),
    ],
)
def test_an_exchange_is_known_by_what_it_asked(method: str, url: str, body: str | None, operation: str | None) -> None:
    exchange = Exchange(
        id="x1",
        actor="alice",
        purpose="ask",
        request=Request(method=method, url=url, body=body),
        response=Response(status=200),
    )
    key = operation_of(exchange)
    assert (str(key) if key else None) == operation
