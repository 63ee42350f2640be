"""The chat routes that read, over the wire: release 8.0 unless a test says otherwise."""

from collections.abc import Iterator
from typing import Any

import pytest

from preflight.mock import deletions, messages, rooms, stars
from preflight.mock.clock import iso
from preflight.mock.server import MockServer
from tests.mock.chat_world import Reply, World, serving

Document = dict[str, Any]

EXTRA = "must NOT have additional properties"
LONG_AGO = "2020-01-01T00:00:00.000Z"
FORMAT = 'must match format "iso-date-time"'
TOO_SHORT = "must NOT have fewer than 1 characters"


def absent(name: str) -> str:
    return f"must have required property '{name}'"


def legacy(message: str) -> tuple[str, str]:
    return f"{message} [invalid-params]", "invalid-params"


def typed(message: str) -> tuple[str, str]:
    return message, "error-invalid-params"


@pytest.fixture(scope="module")
def server_8_0() -> Iterator[MockServer]:
    with serving("8.0") as server:
        yield server


@pytest.fixture(scope="module")
def server_6_14() -> Iterator[MockServer]:
    with serving("6.14") as server:
        yield server


@pytest.fixture(scope="module")
def server_8_8() -> Iterator[MockServer]:
    with serving("8.8") as server:
        yield server


@pytest.fixture
def world(server_8_0: MockServer) -> Iterator[World]:
    world = World(server_8_0)
    yield world
    world.close()


@pytest.fixture
def old(server_6_14: MockServer) -> Iterator[World]:
    world = World(server_6_14)
    yield world
    world.close()


@pytest.fixture
def new(server_8_8: MockServer) -> Iterator[World]:
    world = World(server_8_8)
    yield world
    world.close()


def refused(reply: Reply, error: str, error_type: str | None = None, details: Document | None = None) -> None:
    expected: Document = {"success": False, "error": f"{error} [{error_type}]" if error_type else error}
    if error_type:
        expected["errorType"] = error_type
    if details is not None:
        expected["details"] = details
    assert (reply.status, reply.body) == (400, expected)


def texts(reply: Reply, key: str = "messages") -> list[str]:
    assert reply.status == 200, reply.body
    return [message["msg"] for message in reply.body[key]]


# -- chat.getMessage -------------------------------------------------------------------------------------------------


def test_one_message_is_shown_and_nothing_else(world: World) -> None:
    message = world.said(world.alice, "one")
    reply = world.get("chat.getMessage", world.carol, msgId=message["_id"])
    assert set(reply.body) == {"message", "success"}
    assert reply.body["message"]["ts"] == iso(message["ts"])


def test_refusals_of_one_message(world: World, old: World, new: World) -> None:
    hidden = world.said(world.alice, "one", world.group)
    reply = world.get("chat.getMessage", world.carol, msgId=hidden["_id"])
    refused(reply, "Not allowed", "error-not-allowed", {"method": "getSingleMessage"})
    for each in (world, old, new):
        reply = each.get("chat.getMessage", each.bob, msgId="unknown")
        assert (reply.status, reply.body) == (400, {"success": False})
    assert world.get("chat.getMessage", world.bob).error == legacy(absent("msgId"))
    assert new.get("chat.getMessage", new.bob, msgId="").error == typed(TOO_SHORT)
    refused(old.get("chat.getMessage", old.bob), 'The "msgId" query parameter must be provided.')


# -- pinned, starred, mentioned --------------------------------------------------------------------------------------


def test_pinned_messages_come_oldest_first_whatever_sort_says(world: World) -> None:
    for text in ("one", "two"):
        world.said(world.alice, text)["pinned"] = True
    room = world.channel["_id"]
    reply = world.get("chat.getPinnedMessages", world.carol, roomId=room, sort='{"ts":-1}')
    assert texts(reply) == ["one", "two"]
    assert {key: reply.body[key] for key in ("count", "offset", "total")} == {"count": 2, "offset": 0, "total": 2}
    reply = world.get("chat.getPinnedMessages", world.carol, roomId=room, offset=1, count=1, sort="{bad")
    assert texts(reply) == ["two"]
    assert {key: reply.body[key] for key in ("count", "offset", "total")} == {"count": 1, "offset": 1, "total": 2}


def test_starred_messages_are_the_callers_newest_first(world: World) -> None:
    for text in ("one", "two"):
        stars.star(world.ws, world.bob, world.said(world.alice, text), wanted=True)
    room = world.channel["_id"]
    reply = world.get("chat.getStarredMessages", world.bob, roomId=room)
    assert texts(reply) == ["two", "one"]
    assert reply.body["messages"][0]["starred"] == [{"_id": world.bob["_id"]}]
    assert texts(world.get("chat.getStarredMessages", world.alice, roomId=room)) == []
    reply = world.get("chat.getStarredMessages", world.bob, roomId=room, sort='{"ts":1}', count=1)
    assert (texts(reply), reply.body["total"]) == (["one"], 2)


def test_mentioned_messages_name_the_caller(world: World) -> None:
    for text in ("@{} one", "none", "@{} two", "@all"):
        world.said(world.alice, text.format(world.bob["username"]))
    reply = world.get("chat.getMentionedMessages", world.bob, roomId=world.channel["_id"])
    assert [text.split()[-1] for text in texts(reply)] == ["two", "one"]


def test_hidden_copies_are_in_no_list(world: World) -> None:
    message = world.said(world.alice, f"@{world.bob['username']}")
    message["_hidden"] = True
    assert texts(world.get("chat.getMentionedMessages", world.bob, roomId=world.channel["_id"])) == []


LISTS = pytest.mark.parametrize(
    "name", ["chat.getStarredMessages", "chat.getMentionedMessages", "chat.getDiscussions", "chat.getPinnedMessages"]
)


@LISTS
def test_refusals_of_a_list(world: World, old: World, new: World, name: str) -> None:
    pinned = name == "chat.getPinnedMessages"
    for each in (world, old, new):
        for room in (each.group["_id"], "unknown"):
            reply = each.get(name, each.carol, roomId=room)
            if pinned:
                refused(reply, "Not allowed", "error-not-allowed")
            else:
                refused(reply, "error-not-allowed")
    assert world.get(name, world.bob).error == legacy(absent("roomId"))
    assert world.get(name, world.bob, roomId="x", query="{}").error == legacy(EXTRA)
    assert new.get(name, new.bob).error == typed(absent("roomId"))
    code = "error-roomId-param-not-provided" if pinned else "error-invalid-params"
    refused(old.get(name, old.bob), 'The required "roomId" query param is missing.', code)


@LISTS
def test_a_page_begins_at_no_negative_place(world: World, name: str) -> None:
    reply = world.get(name, world.bob, roomId=world.channel["_id"], offset=-1)
    assert (reply.status, set(reply.body)) == (400, {"success", "error"})
    assert world.get(name, world.bob, roomId="x", count="many").error == legacy("must be number")


def test_a_sort_that_is_none_is_refused_where_it_is_read(world: World, old: World) -> None:
    details = {"helperMethod": "parseJsonQuery"}
    room = world.channel["_id"]
    reply = world.get("chat.getStarredMessages", world.bob, roomId=room, sort='{"ts":"up"}')
    refused(reply, 'Invalid sort parameter provided: "{"ts":"up"}"', "error-invalid-sort", details)
    reply = old.get("chat.getMentionedMessages", old.bob, roomId=old.channel["_id"], fields="{bad")
    refused(reply, 'Invalid fields parameter provided: "{bad"', "error-invalid-fields", details)


# -- chat.getDiscussions ---------------------------------------------------------------------------------------------


def test_discussions_are_the_messages_that_announce_them(world: World, old: World) -> None:
    for each in (world, old):
        each.said(each.alice, "plain")
        for title in ("First talk", "second talk"):
            talk = rooms.discussion(each.ws, each.channel, each.alice, title, {})
            messages.system(each.ws, each.channel, "discussion-created", title, each.alice, drid=talk["_id"])
        room = each.channel["_id"]
        reply = each.get("chat.getDiscussions", each.carol, roomId=room)
        assert texts(reply) == ["second talk", "First talk"]
        assert {message["t"] for message in reply.body["messages"]} == {"discussion-created"}
        assert texts(each.get("chat.getDiscussions", each.carol, roomId=room, text="first")) == ["First talk"]
    assert world.get("chat.getDiscussions", world.bob, roomId="x", sort='{"ts":1}').error == legacy(EXTRA)
    reply = old.get("chat.getDiscussions", old.bob, roomId=old.channel["_id"], sort='{"ts":1}')
    assert texts(reply) == ["First talk", "second talk"]


# -- chat.search -----------------------------------------------------------------------------------------------------


def find(world: World, text: str, user: Document | None = None, **query: Any) -> Reply:
    searcher = user or world.bob
    return world.get("chat.search", searcher, roomId=world.channel["_id"], searchText=text, **query)


def test_a_search_finds_words_newest_first(world: World) -> None:
    for text in ("an apple", "Apple and pear", "apples", "pear"):
        world.said(world.alice, text)
    reply = find(world, "APPLE")
    assert texts(reply) == ["Apple and pear", "an apple"]
    assert set(reply.body) == {"messages", "success"}
    assert reply.body["messages"][0]["score"] == 1
    assert texts(find(world, "apple pear", count=1)) == ["pear"]
    assert texts(find(world, "apple", offset=1)) == ["an apple"]
    assert texts(find(world, "nothing")) == []


def test_a_search_may_be_an_expression(world: World) -> None:
    world.said(world.alice, "an Apple")
    reply = find(world, "/app.e$/i")
    assert texts(reply) == ["an Apple"]
    assert "score" not in reply.body["messages"][0]
    assert texts(find(world, "/(/")) == []


def test_a_search_has_filters(world: World) -> None:
    starred, linked = world.said(world.alice, "one"), world.said(world.bob, "two http://a.example/")
    stars.star(world.ws, world.bob, starred, wanted=True)
    starred["pinned"] = True
    mention = world.said(world.alice, f"three @{world.bob['username']}")
    today = iso(linked["ts"])[:10]
    for text, found in (
        ("from:me", ["two http://a.example/"]),
        (f"from:{world.alice['username']} has:star", ["one"]),
        ("is:pinned", ["one"]),
        ("has:url", ["two http://a.example/"]),
        ("mention:me", [mention["msg"]]),
        ("order:asc from:me", ["two http://a.example/"]),
        ("before:2020-01-01", []),
        (f"on:{today} one", ["one"]),
        ("after:2020-01-01 two", ["two http://a.example/"]),
    ):
        assert (text, texts(find(world, text))) == (text, found)


def test_what_is_deleted_or_hidden_is_not_found(world: World) -> None:
    world.said(world.alice, "apple")["_hidden"] = True
    world.said(world.alice, "apple")["t"] = "rm"
    assert texts(find(world, "apple")) == []


def test_refusals_of_a_search(world: World, old: World, new: World) -> None:
    for each, body in ((world, {}), (new, {}), (old, {"error": "Cannot read property 'docs' of undefined"})):
        reply = each.get("chat.search", each.carol, roomId=each.group["_id"], searchText="x")
        assert (reply.status, reply.body) == (400, {"success": False, **body})
    assert world.get("chat.search", world.bob).error == legacy(absent("roomId"))
    assert new.get("chat.search", new.bob, roomId="x").error == typed(absent("searchText"))
    for each in (world, old):
        reason = 'The required "searchText" query param is missing.'
        refused(find(each, ""), reason, "error-searchText-param-not-provided")
    reason = 'The required "roomId" query param is missing.'
    refused(old.get("chat.search", old.bob), reason, "error-roomId-param-not-provided")


# -- chat.getThreadsList ---------------------------------------------------------------------------------------------


def thread(world: World, text: str, *replies: str) -> Document:
    parent = world.said(world.alice, text)
    for reply in replies:
        world.said(world.bob, reply, tmid=parent["_id"])
    return parent


def listed(world: World, user: Document | None = None, **query: Any) -> Reply:
    return world.get("chat.getThreadsList", user or world.alice, rid=world.channel["_id"], **query)


def test_threads_come_by_their_last_reply(world: World) -> None:
    first, _second = thread(world, "First", "a"), thread(world, "second", "b")
    world.said(world.alice, "no thread")
    assert texts(listed(world), "threads") == ["second", "First"]
    world.said(world.bob, "c", tmid=first["_id"])
    reply = listed(world, count=1)
    assert texts(reply, "threads") == ["First"]
    assert (reply.body["count"], reply.body["offset"], reply.body["total"]) == (1, 0, 2)
    assert texts(listed(world, sort='{"ts":-1}'), "threads") == ["second", "First"]
    assert texts(listed(world, text="FIRS"), "threads") == ["First"]


def test_threads_may_be_those_that_one_follows_or_has_not_read(world: World) -> None:
    thread(world, "one", "a", "b")
    carol = world.carol
    assert texts(listed(world, type="following"), "threads") == ["one"]
    assert texts(listed(world, type="unread"), "threads") == ["one"]
    assert texts(listed(world, world.bob, type="unread"), "threads") == []
    assert texts(listed(world, carol, type="following"), "threads") == []
    assert texts(listed(world, carol, type="unread"), "threads") == []


def test_a_thread_whose_first_message_was_deleted_stays_listed(world: World) -> None:
    parent = thread(world, "one", "a")
    deletions.delete(world.ws, world.alice, parent)
    assert [each["t"] for each in listed(world).body["threads"]] == ["rm"]


def test_refusals_of_the_list_of_threads(world: World, old: World, new: World) -> None:
    name = "chat.getThreadsList"
    for each in (world, old, new):
        for room in (each.group["_id"], "unknown", ""):
            refused(each.get(name, each.carol, rid=room), "Not Allowed", "error-not-allowed")
        with each.setting(Threads_enabled=False):
            refused(each.get(name, each.carol, rid="unknown"), "Threads Disabled", "error-not-allowed")
    assert world.get(name, world.bob).error == legacy(absent("rid"))
    allowed = "must be equal to one of the allowed values"
    assert new.get(name, new.bob, rid="x", type="y").error == typed(allowed)
    refused(old.get(name, old.bob), "Match error: Expected string, got undefined")
    assert listed(old, type="bogus").status == 200
    assert listed(world, query="{bad", fields="{bad").status == 200


# -- chat.getThreadMessages ------------------------------------------------------------------------------------------


def test_replies_come_oldest_first_without_the_first_message(world: World) -> None:
    parent = thread(world, "one", "a", "b", "c")
    reply = world.get("chat.getThreadMessages", world.carol, tmid=parent["_id"])
    assert texts(reply) == ["a", "b", "c"]
    assert (reply.body["count"], reply.body["offset"], reply.body["total"]) == (3, 0, 3)
    query = {"tmid": parent["_id"], "sort": '{"ts":-1}', "count": 1, "offset": 1}
    assert texts(world.get("chat.getThreadMessages", world.carol, **query)) == ["b"]
    alone = world.said(world.alice, "alone")
    assert texts(world.get("chat.getThreadMessages", world.bob, tmid=alone["_id"])) == []


def test_replies_show_the_stars_of_others(world: World) -> None:
    parent = world.said(world.alice, "one")
    stars.star(world.ws, world.bob, world.said(world.bob, "a", tmid=parent["_id"]), wanted=True)
    reply = world.get("chat.getThreadMessages", world.alice, tmid=parent["_id"])
    assert reply.body["messages"][0]["starred"] == [{"_id": world.bob["_id"]}]


def test_refusals_of_replies(world: World, old: World, new: World) -> None:
    name = "chat.getThreadMessages"
    for each in (world, old, new):
        hidden = each.said(each.alice, "one", each.group)
        refused(each.get(name, each.bob, tmid="unknown"), "Invalid Message", "error-invalid-message")
        refused(each.get(name, each.carol, tmid=hidden["_id"]), "Not Allowed", "error-not-allowed")
        with each.setting(Threads_enabled=False):
            refused(each.get(name, each.bob, tmid="unknown"), "Threads Disabled", "error-not-allowed")
    assert world.get(name, world.bob).error == legacy(absent("tmid"))
    assert world.get(name, world.bob, tmid="x", fields="{}").error == legacy(EXTRA)
    refused(old.get(name, old.bob), 'The required "tmid" query param is missing.', "error-invalid-params")


def test_6_14_selects_replies_by_query_and_fields(old: World) -> None:
    parent = thread(old, "one", "a", "b")
    query = {"tmid": parent["_id"], "query": '{"msg":"b"}', "fields": '{"msg":1}'}
    reply = old.get("chat.getThreadMessages", old.bob, **query)
    assert [set(message) for message in reply.body["messages"]] == [{"_id", "msg"}]
    assert texts(reply) == ["b"]


def test_8_8_gives_the_replies_around_one(new: World) -> None:
    parent = thread(new, "one", "a", "b", "c", "d", "e")
    replies = new.ws.messages.of_thread(parent["_id"])
    query = {"tmid": parent["_id"], "aroundId": replies[3]["_id"], "count": 3, "sort": '{"ts":-1}'}
    reply = new.get("chat.getThreadMessages", new.bob, **query)
    assert (texts(reply), reply.body["offset"], reply.body["total"]) == (["c", "d", "e"], 2, 5)
    reply = new.get("chat.getThreadMessages", new.bob, **{**query, "aroundId": parent["_id"]})
    refused(reply, 'The provided "aroundId" does not belong to the thread', "error-invalid-message")


# -- chat.syncThreadsList, chat.syncThreadMessages -------------------------------------------------------------------


def test_changed_threads_are_told_with_those_that_vanished(world: World) -> None:
    room = world.channel["_id"]
    old_thread = thread(world, "old", "a")
    moment = iso(world.ws.clock.now())
    thread(world, "new", "b")
    reply = world.get("chat.syncThreadsList", world.carol, rid=room, updatedSince=moment)
    assert [message["msg"] for message in reply.body["threads"]["update"]] == ["new"]
    assert reply.body["threads"]["remove"] == []
    old_thread["tcount"] = 0
    deletions.delete(world.ws, world.alice, old_thread)
    reply = world.get("chat.syncThreadsList", world.carol, rid=room, updatedSince=moment)
    (removed,) = reply.body["threads"]["remove"]
    assert (removed["msg"], removed["__collection__"]) == ("old", "message")
    assert removed["_deletedAt"] > moment


def test_changed_replies_are_told_with_those_that_vanished(world: World) -> None:
    parent = thread(world, "one", "a", "b")
    moment = iso(world.ws.clock.now())
    world.said(world.bob, "c", tmid=parent["_id"])
    deletions.delete(world.ws, world.bob, world.ws.messages.of_thread(parent["_id"])[0])
    reply = world.get("chat.syncThreadMessages", world.carol, tmid=parent["_id"], updatedSince=moment)
    assert [message["msg"] for message in reply.body["messages"]["update"]] == ["c"]
    (removed,) = reply.body["messages"]["remove"]
    assert (removed["msg"], removed["__collection__"]) == ("a", "message")


@pytest.mark.parametrize(("name", "key"), [("chat.syncThreadsList", "rid"), ("chat.syncThreadMessages", "tmid")])
def test_refusals_of_changed_threads(world: World, old: World, new: World, name: str, key: str) -> None:
    of_room = key == "rid"
    lost = ("Not Allowed", "error-not-allowed") if of_room else ("Invalid Message", "error-invalid-message")
    missing = "error-room-id-param-not-provided" if of_room else "error-invalid-params"
    for each in (world, old, new):
        refused(each.get(name, each.bob, **{key: "unknown"}, updatedSince=LONG_AGO), *lost)
        with each.setting(Threads_enabled=False):
            reply = each.get(name, each.bob, **{key: "unknown"}, updatedSince=LONG_AGO)
        refused(reply, "Threads Disabled", "error-not-allowed")
    assert world.get(name, world.bob, updatedSince=LONG_AGO).error == legacy(absent(key))
    assert world.get(name, world.bob, **{key: "x"}, updatedSince="2024-01-01").error == legacy(FORMAT)
    assert new.get(name, new.bob, **{key: "x"}).error == typed(absent("updatedSince"))
    refused(old.get(name, old.bob, updatedSince=LONG_AGO), f'The required "{key}" query param is missing.', missing)
    code = "error-updatedSince-param-invalid"
    refused(old.get(name, old.bob, **{key: "x"}), 'The required param "updatedSince" is missing.', code)
    reason = 'The "updatedSince" query parameter must be a valid date.'
    refused(old.get(name, old.bob, **{key: "x"}, updatedSince="garbage"), reason, code)


def test_a_list_of_changed_threads_takes_no_sort(world: World) -> None:
    query = {"rid": world.channel["_id"], "updatedSince": LONG_AGO, "sort": "{}"}
    assert world.get("chat.syncThreadsList", world.bob, **query).error == legacy(EXTRA)


# -- chat.getDeletedMessages -----------------------------------------------------------------------------------------


def test_deleted_messages_are_told_to_anybody(world: World, old: World) -> None:
    for each in (world, old):
        moment = iso(each.ws.clock.now())
        gone = [each.said(each.alice, text, each.group) for text in ("one", "two")]
        for message in gone:
            deletions.delete(each.ws, each.alice, message)
        query = {"roomId": each.group["_id"], "since": moment}
        reply = each.get("chat.getDeletedMessages", each.carol, **query)
        assert reply.body["messages"] == [{"_id": message["_id"]} for message in gone]
        reply = each.get("chat.getDeletedMessages", each.carol, **query, count=1, offset=1, sort='{"ts":"up"}')
        assert reply.body["messages"] == [{"_id": gone[1]["_id"]}]
        assert (reply.body["count"], reply.body["offset"], reply.body["total"]) == (1, 1, 2)
        reply = each.get("chat.getDeletedMessages", each.carol, roomId="unknown", since=moment)
        assert (reply.status, reply.body["total"]) == (200, 0)


def test_refusals_of_deleted_messages(world: World, old: World, new: World) -> None:
    name = "chat.getDeletedMessages"
    assert world.get(name, world.bob, since=LONG_AGO).error == legacy(absent("roomId"))
    assert world.get(name, world.bob, roomId="x", since="").error == legacy(TOO_SHORT)
    assert new.get(name, new.bob, roomId="x", since="1700000000000").error == typed(FORMAT)
    for query, sentence in (
        ({"since": LONG_AGO}, 'The required "roomId" query param is missing.'),
        ({"roomId": "x"}, 'The required "since" query param is missing.'),
        ({"roomId": "x", "since": "garbage"}, 'The "since" query parameter must be a valid date.'),
    ):
        assert old.get(name, old.bob, **query).error == (f"[{sentence}]", sentence)


# -- chat.syncMessages -----------------------------------------------------------------------------------------------


def changes(world: World, user: Document | None = None, **query: Any) -> Reply:
    return world.get("chat.syncMessages", user or world.bob, roomId=world.channel["_id"], **query)


def test_what_changed_since_a_moment_is_told(world: World, old: World) -> None:
    for each in (world, old):
        gone = each.said(each.alice, "gone")
        moment = iso(each.ws.clock.now())
        for text in ("one", "two"):
            each.said(each.alice, text)
        deletions.delete(each.ws, each.alice, gone)
        reply = changes(each, lastUpdate=moment)
        result = reply.body["result"]
        assert set(result) == {"updated", "deleted"}
        assert [message["msg"] for message in result["updated"]] == ["two", "one"]
        assert [set(each) for each in result["deleted"]] == [{"_id", "_deletedAt"}]
        assert result["deleted"][0]["_id"] == gone["_id"]
        assert changes(each, lastUpdate="2099-01-01T00:00:00Z").body["result"] == {"updated": [], "deleted": []}


def test_updates_come_in_pages_with_cursors(world: World) -> None:
    for text in ("one", "two", "three"):
        world.said(world.alice, text)
    first = changes(world, type="UPDATED", count=2).body["result"]
    assert [message["msg"] for message in first["updated"]] == ["one", "two"]
    assert first["deleted"] == []
    second = changes(world, type="UPDATED", count=2, next=first["cursor"]["next"]).body["result"]
    assert [message["msg"] for message in second["updated"]] == ["three"]
    assert second["cursor"]["next"] is None
    back = changes(world, type="UPDATED", count=2, previous=second["cursor"]["previous"]).body["result"]
    assert [message["msg"] for message in back["updated"]] == ["two", "one"]
    assert back["cursor"]["previous"] is None


def test_deletions_come_in_pages_with_cursors(world: World) -> None:
    gone = [world.said(world.alice, text) for text in ("one", "two")]
    for message in gone:
        deletions.delete(world.ws, world.alice, message)
    first = changes(world, type="DELETED", count=1).body["result"]
    assert [each["_id"] for each in first["deleted"]] == [gone[0]["_id"]]
    second = changes(world, type="DELETED", count=1, next=first["cursor"]["next"]).body["result"]
    assert [each["_id"] for each in second["deleted"]] == [gone[1]["_id"]]
    assert first["updated"] == []


def test_refusals_of_changes(world: World, old: World, new: World) -> None:
    for each in (world, old, new):
        for room in (each.group["_id"], "unknown"):
            reply = each.get("chat.syncMessages", each.carol, roomId=room, lastUpdate=LONG_AGO)
            refused(reply, "Not allowed", "error-not-allowed", {"method": "messages/get"})
    for each in (world, new):
        reason = 'The "type" or "lastUpdate" parameters must be provided'
        refused(changes(each), reason, "error-param-required")
        reason = 'The "lastUpdate" query parameter must be a valid date'
        refused(changes(each, lastUpdate="garbage"), reason, "error-lastUpdate-param-invalid")
        reply = each.get("chat.syncMessages", each.bob, roomId="", lastUpdate=LONG_AGO)
        refused(reply, 'The required "roomId" query param is missing', "error-param-required")
    assert world.get("chat.syncMessages", world.bob).error == legacy(absent("roomId"))
    assert changes(world, lastUpdate=LONG_AGO, offset=1).error == legacy(EXTRA)
    assert changes(world, type="x").error == legacy("must be equal to one of the allowed values")
    assert changes(world, fromTs=LONG_AGO).error == legacy(EXTRA)
    assert changes(new, type="UPDATED", fromTs="2024-01-01").error == typed(FORMAT)


def test_6_14_wants_the_moment_of_changes(old: World) -> None:
    reason = 'The required "roomId" query param is missing.'
    refused(old.get("chat.syncMessages", old.bob), reason, "error-roomId-param-not-provided")
    reason = 'The required "lastUpdate" query param is missing.'
    refused(changes(old, type="UPDATED"), reason, "error-lastUpdate-param-not-provided")
    reason = 'The "lastUpdate" query parameter must be a valid date.'
    refused(changes(old, lastUpdate="garbage"), reason, "error-roomId-param-invalid")


def test_8_8_leaves_out_what_is_older_than_a_client_wants(new: World) -> None:
    new.said(new.alice, "one")
    moment = iso(new.ws.clock.now())
    new.said(new.alice, "two")
    reply = changes(new, lastUpdate=LONG_AGO, fromTs=moment)
    assert [message["msg"] for message in reply.body["result"]["updated"]] == ["two"]


# -- chat.getURLPreview ----------------------------------------------------------------------------------------------


def test_an_address_has_no_preview(world: World) -> None:
    for url in ("http://a.example/", "no address"):
        reply = world.get("chat.getURLPreview", world.carol, roomId=world.channel["_id"], url=url)
        assert reply.body == {"urlPreview": {"url": url, "meta": {}, "ignoreParse": True}, "success": True}


def test_refusals_of_a_preview(world: World, old: World, new: World) -> None:
    name = "chat.getURLPreview"
    reply = world.get(name, world.carol, roomId=world.group["_id"], url="x")
    refused(reply, "Not allowed", "error-not-allowed")
    for each in (world, old):
        assert each.get(name, each.bob).error == legacy(absent("roomId"))
    assert new.get(name, new.bob, roomId="x").error == typed(absent("url"))


# -- chat.getMessageReadReceipts -------------------------------------------------------------------------------------


def test_receipts_need_a_licence(world: World, old: World, new: World) -> None:
    name, sentence = "chat.getMessageReadReceipts", "This is an enterprise feature"
    refused(old.get(name, old.bob), sentence, "error-action-not-allowed")
    for each in (world, new):
        refused(each.get(name, each.bob, messageId="x"), sentence, "error-action-not-allowed")
    assert world.get(name, world.bob).error == legacy(absent("messageId"))
    assert new.get(name, new.bob, messageId="x", count=1).error == typed(EXTRA)


def test_receipts_name_who_has_read_a_message() -> None:
    name = "chat.getMessageReadReceipts"
    with serving("8.0", "enterprise") as server:
        world = World(server)
        message = world.said(world.alice, "one")
        reply = world.get(name, world.alice, messageId=message["_id"])
        assert [receipt["user"]["username"] for receipt in reply.body["receipts"]] == [world.alice["username"]]
        world.said(world.bob, "two")
        reply = world.get(name, world.alice, messageId=message["_id"])
        receipt = reply.body["receipts"][1]
        assert set(receipt) == {"_id", "roomId", "userId", "messageId", "ts", "user"}
        assert receipt["user"] == {"_id": world.bob["_id"], "username": world.bob["username"], "name": "Bob"}
        assert world.get(name, world.alice, messageId=message["_id"]).body == reply.body
        hidden = world.said(world.alice, "three", world.group)
        details = {"method": "getReadReceipts"}
        refused(world.get(name, world.bob, messageId="x"), "Invalid message", "error-invalid-message", details)
        reply = world.get(name, world.carol, messageId=hidden["_id"])
        refused(reply, "Invalid room", "error-invalid-room", details)
        refused(world.get(name, world.bob, messageId=""), "The required 'messageId' param is missing.")
        world.close()
