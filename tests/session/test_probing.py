"""Generated requests against a served mock: the same seed asks the same, and touches nothing but the run's own."""

from collections.abc import Sequence
from random import Random

import pytest

from preflight.mock.faults import fault
from preflight.mock.founding import found
from preflight.mock.ids import Ids
from preflight.mock.release import Regime
from preflight.mock.server import MockServer
from preflight.model.run import Run
from preflight.model.verdict import Verdict
from preflight.plugin.playing import Suite, every_suite, play
from preflight.session.causes import _steady
from preflight.session.session import Plan, Session, open_session
from preflight.settings import Account, Depth
from preflight.wire.rest import Answer, Ask

ONLY = ("GET rooms.info", "POST chat.react", "GET dm.messages", "POST chat.reportMessage")
Sent = list[tuple[str, str, str, str]]


def properties() -> Sequence[Suite]:
    return [suite for suite in every_suite() if suite.file.parent.name == "properties"]


def opened(mock: MockServer, *, seed: int = 1, depth: Depth = Depth.STANDARD, only: tuple[str, ...] = ONLY) -> Session:
    account = Account(user=mock.admin_username, password=mock.admin_password)
    return open_session(Plan(target=mock.url, account=account, only=only, seed=seed, depth=depth))


def judged(session: Session) -> Run:
    play(session, properties())
    return session.close()


def plain(value: object) -> str:
    """Give what was sent without ids and marks, also where an id is taken apart to make a pattern."""
    return _steady(str(value).replace("[", "").replace("]", ""))


def asked(seed: int) -> Sent:
    """Give every request that a run generates, ids and marks apart; what is asked again to be sure counts once."""
    sent: dict[tuple[str, str, str, str], None] = {}
    ids = Ids(Random(0))  # noqa: S311 (two workspaces that give the same ids)
    workspace = found(release="8.0", admin_password="secret-of-admin", ids=ids)
    with MockServer(workspace=workspace, admin_password="secret-of-admin") as mock:
        session = opened(mock, seed=seed)

        def hear(ask: Ask, answer: Answer) -> None:
            if session.ground.audit._aside:
                sent[ask.method, ask.path, plain(ask.query), plain(ask.body)] = None
            session.ground.audit.hear(ask, answer)

        session.client.listener = hear
        judged(session)
    return list(sent)


def test_the_same_seed_asks_the_same_and_another_asks_otherwise() -> None:
    assert asked(5) == asked(5)
    assert asked(5) != asked(6)


@pytest.mark.parametrize("release", Regime.known())
def test_the_workspace_is_as_before_and_nothing_is_found_but_what_is_known(release: str) -> None:
    with MockServer(release=release) as mock:
        workspace = mock.workspace
        before = {room["_id"] for room in workspace.rooms}, {user["_id"] for user in workspace.users}
        run = judged(opened(mock, seed=11, only=("dm.*", "rooms.*", "chat.react", "chat.postMessage")))
        after = {room["_id"] for room in workspace.rooms}, {user["_id"] for user in workspace.users}
    claims = run.claims
    found = [outcome for outcome in run.outcomes if outcome.findings]
    known = [each.id for each in found if claims[each.claim].advisory and claims[each.claim].claim.erratum]
    assert [each.id for each in found if each.id not in known] == []
    assert after == before
    assert run.leftovers == ()
    assert {case.id: case.reason for case in run.cases if case.verdict is Verdict.ERROR} == {}


def test_a_finding_shows_the_smallest_request_and_the_seed_that_repeats_it() -> None:
    with MockServer(fault=fault("chat-react-500-without-object")) as mock:
        run = judged(opened(mock, seed=42, only=("POST chat.react",)))
    (finding,) = [f for o in run.outcomes if o.check == "robustness.no-server-error" for f in o.findings]
    assert finding.again == "preflight run --seed 42 --only 'POST chat.react'"
    assert "-d '[" in finding.reproduce
    assert finding.count >= 1


def test_an_odd_name_over_which_much_time_goes_is_compared_with_nothing_of_others() -> None:
    with MockServer(fault=fault("chat-starMessage-slow-pattern")) as mock:
        run = judged(opened(mock, only=("POST chat.starMessage",)))
    assert [case.reason for case in run.cases if case.verdict is Verdict.ERROR] == []
    (found,) = [outcome for outcome in run.outcomes if outcome.findings]
    assert found.check == "robustness.time"


def test_one_cause_gives_one_finding_with_a_count() -> None:
    with MockServer(fault=fault("chat-getMessage-stack")) as mock:
        run = judged(opened(mock, only=("GET chat.getMessage",)))
    findings = [f for o in run.outcomes if o.check == "robustness.no-internals" for f in o.findings]
    assert len(findings) == 1
    assert findings[0].count > 5
    shared = [case for case in run.cases if case.reason.startswith("the same as found by ")]
    assert shared
    assert {case.verdict for case in shared} == {Verdict.FAIL}


def test_a_quick_run_asks_little_and_needs_no_generator() -> None:
    with MockServer() as mock:
        quick = judged(opened(mock, depth=Depth.QUICK))
    with MockServer() as mock:
        standard = judged(opened(mock, depth=Depth.STANDARD))
    assert quick.requests < standard.requests / 2
    assert {case.title for case in quick.cases} < {case.title for case in standard.cases}


def test_where_nothing_of_a_kind_can_be_asked_the_reason_is_told() -> None:
    with MockServer() as mock:
        run = judged(opened(mock, only=("GET dm.list",), depth=Depth.DEEP))
    assert {case.verdict for case in run.cases} == {Verdict.PASS}
    assert "missing" not in {case.id.rpartition("/")[2] for case in run.cases}
