"""Stories and listings: against the mock workspace, what they find and what keeps them from judging."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from preflight.catalog.cases import Needs
from preflight.mock.faults import fault
from preflight.mock.server import MockServer
from preflight.model.claim import ClaimId
from preflight.model.json import JsonObject
from preflight.model.operation import OperationKey
from preflight.model.verdict import Verdict
from preflight.session.circumstances import CircumstanceError, NotApplicableError
from preflight.session.listing import Listing
from preflight.session.performance import BrokenPromiseError, Part, Performance
from preflight.session.session import Plan, Session, open_session
from preflight.session.story import MOST_LOOKS, Story
from preflight.settings import Account

POSTED = ClaimId.parse("POST chat.postMessage#behaviour:posted.message")
ROOM = "{alice.room.id}"
NOTHING = Needs()


@contextmanager
def session(planted: str | None = None, *, disruptive: bool | None = None) -> Iterator[Session]:
    with MockServer(fault=fault(planted) if planted else None) as mock:
        account = Account(user=mock.admin_username, password=mock.admin_password)
        opened = open_session(Plan(target=mock.url, account=account, disruptive=disruptive))
        try:
            yield opened
        finally:
            assert opened.close().leftovers == ()


def told(opened: Session, needs: Needs = NOTHING) -> tuple[Story, Performance]:
    part = Part(suite="messages", name=POSTED.subject, title="a story")
    performance = opened.perform(POSTED.operation, part)
    claims = tuple(claim for claim in opened.selection.claims if claim.subject == POSTED.subject)
    return Story(performance=performance, claims=claims, causes={POSTED.subject: POSTED}, needs=needs), performance


def listed(opened: Session, operation: str, about: str = "pages.") -> tuple[Listing, Performance]:
    key = OperationKey.parse(operation)
    performance = opened.perform(key, Part(suite="lists", name="pages.join", title="a list"))
    claims = tuple(
        claim for claim in opened.selection.claims if claim.operation == key and claim.subject.startswith(about)
    )
    known = opened.selection.catalog.lists[key]
    return Listing(performance=performance, claims=claims, known=known), performance


def test_what_shows_as_it_was_written_is_a_pass_for_all_who_show_it() -> None:
    with session() as opened:
        story, performance = told(opened)
        message = story.posts("alice", ROOM, "{case.token} hello")["_id"]
        like: JsonObject = {"_id": message, "msg": "{case.token} hello"}
        story.asks("bob", "GET chat.getMessage", {"msgId": message}).sees(like, at="/message")
        story.keeps("behaviour.shown")
        result = performance.finish()
    assert (result.verdict, result.accepted) == (Verdict.PASS, True)
    judged = {str(outcome.claim) for outcome in performance.outcomes}
    assert judged == {str(POSTED), "GET chat.getMessage#behaviour:posted.message"}


def test_what_does_not_show_is_looked_for_a_few_times_and_found() -> None:
    with session("chat-getMessage-blank-for-others") as opened:
        story, performance = told(opened)
        message = story.posts("alice", ROOM, "{case.token} hello")["_id"]
        sent = opened.client.requests_sent
        story.asks("bob", "GET chat.getMessage", {"msgId": message}).sees({"msg": "{case.token} hello"}, at="/message")
        assert opened.client.requests_sent - sent >= MOST_LOOKS
        with pytest.raises(BrokenPromiseError) as broken:
            story.keeps("behaviour.shown")
        result = performance.finish()
    (finding,) = broken.value.findings
    assert (result.verdict, finding.where, finding.received) == (Verdict.FAIL, "/message/msg", '""')
    assert "chat.getMessage" in finding.reproduce


def test_what_nobody_could_be_shown_at_all_is_a_circumstance() -> None:
    with session() as opened:
        story, performance = told(opened)
        message = story.posts("alice", "{alice.group.id}", "{case.token} hello")["_id"]
        with pytest.raises(CircumstanceError):
            story.asks("carol", "GET chat.getMessage", {"msgId": message}).misses({"_id": message}, at="/message")
        assert performance.finish().verdict is Verdict.INCONCLUSIVE


def test_what_must_be_refused_is_found_where_it_is_not() -> None:
    with session() as opened:
        story, performance = told(opened)
        message = story.posts("alice", ROOM, "{case.token} hello")["_id"]
        story.asks("bob", "GET chat.getMessage", {"msgId": "{unknown.id}"}).is_refused()
        story.keeps("behaviour.nowhere-else")
        story.asks("bob", "GET chat.getMessage", {"msgId": message}).is_refused()
        with pytest.raises(BrokenPromiseError):
            story.keeps("behaviour.nowhere-else")
        performance.finish()


def test_what_cannot_be_done_is_a_circumstance() -> None:
    with session() as opened:
        story, performance = told(opened)
        with pytest.raises(CircumstanceError):
            story.posts("carol", "{alice.group.id}", "hello")
        assert performance.finish().verdict is Verdict.INCONCLUSIVE


def test_nothing_is_judged_before_anything_was_done() -> None:
    with session() as opened:
        story, performance = told(opened)
        with pytest.raises(CircumstanceError):
            story.keeps("behaviour.shown")
        performance.finish()


def test_a_story_takes_what_it_needs_from_answers() -> None:
    with session() as opened:
        story, performance = told(opened)
        message = story.uses(ROOM).posts("alice", ROOM, "{case.token} {{braces}}")["_id"]
        since: JsonObject = {"roomId": ROOM, "lastUpdate": "{time.started}"}
        synced = story.reads("bob", "GET chat.syncMessages", since)
        item = story.found(synced, "/result/updated", str(message))
        # What an answer holds is no template, and can be looked for as it is.
        story.asks("bob", "GET chat.getMessage", {"msgId": message}).sees(item, at="/message")
        story.keeps("behaviour.shown")
        assert story.value(synced, "/success") is True
        with pytest.raises(CircumstanceError):
            story.value(synced, "/result/nothing")
        with pytest.raises(CircumstanceError):
            story.found(synced, "/result/updated", "{unknown.id}")
        assert performance.finish().verdict is Verdict.INCONCLUSIVE


def test_an_edition_that_is_not_there_makes_a_story_not_applicable() -> None:
    with session() as opened:
        story, performance = told(opened, Needs(edition="community"))
        with pytest.raises(NotApplicableError):
            story.posts("alice", ROOM, "{case.token} hello")
        assert performance.finish().verdict is Verdict.NOT_APPLICABLE


def test_a_setting_that_may_not_be_changed_makes_a_story_not_applicable() -> None:
    with session(disruptive=False) as opened:
        story, performance = told(opened, Needs(settings={"Unread_Count": "all_messages"}))
        with pytest.raises(NotApplicableError):
            story.posts("alice", ROOM, "{case.token} hello")
        assert performance.finish().verdict is Verdict.NOT_APPLICABLE


def test_settings_are_put_back_for_the_next_story() -> None:
    with session() as opened:
        first, one = told(opened, Needs(settings={"Unread_Count": "all_messages"}))
        changed = first.reads("admin", "GET settings/Unread_Count")
        one.finish()
        second, other = told(opened)
        answer = second.reads("admin", "GET settings/Unread_Count")
        other.finish()
    assert "all_messages" in str(changed.response.json())
    assert answer.response.json() == {
        "_id": "Unread_Count",
        "value": "user_and_group_mentions_only",
        "success": True,
    }


def test_readings_that_differ_are_found_where_they_do() -> None:
    with session() as opened:
        story, performance = told(opened)
        one, other = (story.posts("alice", ROOM, f"{{case.token}} {word}")["_id"] for word in ("one", "two"))
        before, after = (story.reads("bob", "GET chat.getMessage", {"msgId": message}) for message in (one, other))
        story.compares(before, after, at="/message", but=("_id", "ts", "_updatedAt", "md"))
        with pytest.raises(BrokenPromiseError) as broken:
            story.keeps("behaviour.unchanged")
        performance.finish()
    (finding,) = broken.value.findings
    assert (finding.where, finding.received.partition(" ")[2]) == ("/message/msg", 'two"')


def test_a_list_is_asked_for_as_a_whole_and_in_pages() -> None:
    with session() as opened:
        listing, performance = listed(opened, "GET chat.getPinnedMessages")
        listing.asks_for_everything().asks_for_pages_of(2)
        listing.asks_for_what_is_behind_the_end().asks_for_a_count_of_zero()
        listing.keeps("relation.pages-join", "relation.count", "relation.total")
        result = performance.finish()
    assert (result.verdict, result.accepted) == (Verdict.PASS, True)
    assert {outcome.claim.subject for outcome in performance.outcomes} == {"pages.join", "pages.count", "pages.total"}


def test_a_list_is_asked_for_in_every_order_and_with_every_filter() -> None:
    with session() as opened:
        listing, performance = listed(opened, "GET chat.getThreadsList", "sorted")
        listing.asks_for_everything().asks_in_every_order().keeps("relation.sorted")
        sent = [exchange.request.url for exchange in performance.scene.exchanges]
        performance.finish()
        assert sum("sort=" in url for url in sent) == 2 * len(listing.known.sort)

        listing, performance = listed(opened, "GET chat.getThreadsList", "filtered")
        listing.asks_for_everything().asks_with_every_filter().keeps("relation.subset")
        assert performance.finish().verdict is Verdict.PASS


def test_a_parameter_that_the_release_does_not_know_is_not_sent() -> None:
    with session() as opened:
        listing, performance = listed(opened, "GET chat.getDiscussions", "sorted")
        listing.asks_for_everything().asks_in_every_order().keeps("relation.sorted")
        sent = [exchange.request.url for exchange in performance.scene.exchanges]
        performance.finish()
    assert not any("sort=" in url for url in sent)


def test_a_list_is_asked_for_by_time() -> None:
    with session() as opened:
        for operation in ("GET rooms.get", "GET dm.history"):
            listing, performance = listed(opened, operation, "window")
            listing.asks_for_all_times().asks_for_some_times().keeps("relation.window")
            assert performance.finish().verdict is Verdict.PASS
        assert any("inclusive=true" in exchange.request.url for exchange in performance.scene.exchanges)


def test_a_list_is_asked_for_from_cursor_to_cursor() -> None:
    for planted, verdict in ((None, Verdict.PASS), ("chat-syncMessages-cursor-skips", Verdict.FAIL)):
        with session(planted) as opened:
            listing, performance = listed(opened, "GET chat.syncMessages", "pages.join")
            listing.asks_from_cursor_to_cursor()
            with suppress(BrokenPromiseError):
                listing.keeps("relation.pages-join")
            assert performance.finish().verdict is verdict
        assert sum("next=" in exchange.request.url for exchange in performance.scene.exchanges) > 1


def test_an_empty_list_tells_nothing() -> None:
    with session() as opened:
        listing, performance = listed(opened, "GET chat.getPinnedMessages")
        listing.known = opened.selection.catalog.lists[OperationKey.parse("GET chat.getStarredMessages")]
        object.__setattr__(listing.known, "query", {"roomId": "{alice.channel.id}"})
        with pytest.raises(CircumstanceError):
            listing.asks_for_everything()
        assert performance.finish().verdict is Verdict.INCONCLUSIVE


def test_pages_are_not_judged_before_the_whole_is_known() -> None:
    with session() as opened:
        listing, performance = listed(opened, "GET chat.getPinnedMessages")
        with pytest.raises(CircumstanceError):
            listing.asks_for_pages_of(2)
        performance.finish()


def test_a_list_that_somebody_changes_meanwhile_is_a_circumstance() -> None:
    with session() as opened:
        listing, performance = listed(opened, "GET chat.search")
        listing.asks_for_everything()
        shelf = performance.scene.resolve("{alice.shelf.id}")
        story, other = told(opened)
        story.posts("alice", str(shelf), "shelved by somebody else")
        other.finish()
        with pytest.raises(CircumstanceError):
            listing.asks_for_pages_of(2).keeps("relation.pages-join")
        assert performance.finish().verdict is Verdict.INCONCLUSIVE
