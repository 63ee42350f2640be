"""Methods about messages."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from preflight.mock.clock import milliseconds
from tests.mock.talk import Talk, talk
from tests.mock.world import World, world

_NUMBERS = count(1)


@pytest.fixture(scope="module", params=["6.14", "8.0"])
def here(request: pytest.FixtureRequest) -> Iterator[World]:
    with world(request.param) as given:
        yield given


@pytest.fixture(scope="module")
def alice(here: World) -> Iterator[Talk]:
    with talk(here, here.alice) as talking:
        yield talking


@pytest.fixture(scope="module")
def carol(here: World) -> Iterator[Talk]:
    with talk(here, here.carol) as talking:
        yield talking


@pytest.fixture
def nobody(here: World) -> Iterator[Talk]:
    with talk(here) as talking:
        yield talking


@pytest.fixture
def group(here: World) -> str:
    return str(here.alice.group(f"group-{next(_NUMBERS)}", "bob")["_id"])


def refused(talking: Talk, method: str, *params: Any) -> tuple[Any, str | None, Any]:
    error = talking.error(method, *params)
    return error["error"], error.get("reason"), error.get("details")


def kept(here: World, message_id: str) -> dict[str, Any]:
    return here.state.messages.get(message_id) or {}


class TestSending:
    def test_a_message_is_sent_and_given(self, here: World, alice: Talk, group: str) -> None:
        sent = alice.result("sendMessage", {"_id": f"own{group}", "rid": group, "msg": "hello", "foo": 1})
        assert (sent["_id"], sent["msg"], sent["foo"], sent["u"]["username"]) == (f"own{group}", "hello", 1, "alice")
        assert {"urls", "mentions", "channels", "md", "_updatedAt", "ts"} <= set(sent)
        assert here.bob.reads("chat.getMessage", msgId=sent["_id"])["message"]["msg"] == "hello"

    def test_the_time_of_the_client_is_kept_when_it_is_about_right(self, here: World, alice: Talk, group: str) -> None:
        now = milliseconds(here.state.clock.read())
        sent = alice.result("sendMessage", {"rid": group, "msg": "now", "ts": {"$date": now - 500}})
        assert sent["ts"] == {"$date": now - 500}
        late = alice.result("sendMessage", {"rid": group, "msg": "late", "ts": {"$date": now - 30_000}})
        assert late["ts"]["$date"] >= now
        assert alice.result("sendMessage", {"rid": group, "msg": "long ago", "ts": {"$date": 0}}) is None

    @pytest.mark.parametrize(
        "message", [{"$ne": None}, {"msg": "x"}, {"rid": "", "msg": "x"}, {"rid": {}, "msg": "x"}, {"rid": "unknown"}]
    )
    def test_most_refusals_are_an_absent_result(self, alice: Talk, message: Any) -> None:
        assert alice.call("sendMessage", message).keys() == {"msg", "id"}

    def test_a_refusal_is_whispered_into_the_room(self, here: World, alice: Talk, group: str) -> None:
        assert alice.subscribe("stream-notify-user", f"{here.alice.id}/message")["msg"] == "ready"
        assert alice.result("sendMessage", {"rid": group, "msg": "x" * 6000}) is None
        ((_, event, (said,)),) = alice.events()
        assert (event, said["rid"], said["msg"]) == (
            f"{here.alice.id}/message",
            group,
            "error-message-size-exceeded",
        )

    def test_who_may_not_see_the_room_is_told_so(self, carol: Talk, nobody: Talk, group: str) -> None:
        assert refused(carol, "sendMessage", {"rid": group, "msg": "x"})[0] == "error-not-allowed"
        assert refused(nobody, "sendMessage", {"rid": group, "msg": "x"})[0] == "error-invalid-user"

    @pytest.mark.parametrize("params", [(), (True,), ("",), (["x"],)])
    def test_a_message_is_an_object(self, alice: Talk, params: tuple[Any, ...]) -> None:
        assert refused(alice, "sendMessage", *params) == (400, "Match failed", None)

    def test_nobody_sends_system_messages(self, alice: Talk, group: str) -> None:
        assert refused(alice, "sendMessage", {"rid": group, "msg": "x", "t": "uj"})[0] == 500


class TestChanging:
    def test_a_text_is_changed(self, here: World, alice: Talk, group: str) -> None:
        sent = here.alice.says(group, "hello")
        assert "result" not in alice.call("updateMessage", {"_id": sent["_id"], "rid": group, "msg": "hello all"})
        assert kept(here, sent["_id"])["msg"] == "hello all"
        assert "result" not in alice.call("updateMessage", {"_id": sent["_id"], "rid": group})
        assert "result" not in alice.call("updateMessage", {"_id": "unknown", "msg": "x"})

    def test_a_change_is_refused(self, here: World, alice: Talk, carol: Talk, group: str) -> None:
        message_id = here.alice.says(group, "hello")["_id"]
        told = refused(alice, "updateMessage", {"_id": message_id, "rid": "", "msg": "x"})
        assert told == ("error-invalid-update-key", "Cannot update the message rid", {"method": "updateMessage"})
        assert refused(alice, "updateMessage", {"_id": message_id, "msg": None})[0] == 500
        assert refused(alice, "updateMessage", {"_id": message_id, "msg": "x"}, "extra")[0] == 400
        assert refused(alice, "updateMessage", {"msg": "x"})[0] == 400
        assert refused(carol, "updateMessage", {"_id": message_id, "msg": "x"})[0] == "error-action-not-allowed"

    def test_a_message_is_deleted(self, here: World, alice: Talk, carol: Talk, group: str) -> None:
        sent = here.alice.says(group, "hello")
        not_allowed = ("error-action-not-allowed", "Not allowed", None)
        assert refused(carol, "deleteMessage", {"_id": sent["_id"]}) == not_allowed
        assert "result" not in alice.call("deleteMessage", {"_id": sent["_id"]})
        assert kept(here, sent["_id"]) == {}
        assert refused(alice, "deleteMessage", {"_id": sent["_id"]}) == not_allowed
        for given in (None, True, "", ["x"], {}, {"_id": 1}):
            assert refused(alice, "deleteMessage", given)[0] == 400


class TestMarking:
    def test_a_message_is_pinned_and_unpinned(self, here: World, alice: Talk, group: str) -> None:
        sent = here.alice.says(group, "hello")
        assert alice.result("pinMessage", {"_id": sent["_id"], "rid": group})["t"] == "message_pinned"
        assert kept(here, sent["_id"])["pinned"] is True
        assert alice.result("unpinMessage", {"_id": sent["_id"]}) is True
        assert kept(here, sent["_id"])["pinned"] is False

    def test_pinning_is_refused(self, alice: Talk, carol: Talk, here: World, group: str) -> None:
        assert refused(alice, "pinMessage")[0] == refused(alice, "pinMessage", None)[0] == 500
        for given in (5, True, "", ["x"], {}, {"_id": 1}):
            assert refused(alice, "pinMessage", given)[0] == 400
        details = {"method": "pinMessage", "action": "Message_pinning"}
        reason = "Message you are pinning was not found"
        assert refused(alice, "pinMessage", {"_id": ""}) == ("error-invalid-message", reason, details)
        secret = here.alice.says(group, "hello")
        code = "not-authorized" if here.state.regime.at_least("8.0") else "error-invalid-message"
        assert refused(carol, "pinMessage", {"_id": secret["_id"]})[0] == code

    def test_a_star_is_set_where_there_is_such_a_message(self, here: World, alice: Talk, group: str) -> None:
        sent = here.alice.says(group, "hello")
        assert alice.result("starMessage", {"_id": sent["_id"], "rid": group, "starred": True}) is True
        assert kept(here, sent["_id"])["starred"] == [{"_id": here.alice.id}]
        assert alice.result("starMessage", {"_id": sent["_id"], "rid": group, "starred": False}) is True
        assert kept(here, sent["_id"])["starred"] == []
        for given in ({"_id": None, "rid": group}, {"_id": sent["_id"], "rid": "unknown"}, {"_id": "x", "rid": group}):
            assert alice.result("starMessage", {**given, "starred": True}) is False
        for operator in ({"$ne": None}, ["x"], {"rid": group}):
            assert alice.result("starMessage", operator) is True
        for crash in (None, 5, "x"):
            assert refused(alice, "starMessage", crash)[0] == 500

    def test_a_reaction_is_put_and_taken(self, here: World, alice: Talk, group: str) -> None:
        sent = here.alice.says(group, "hello")
        assert "result" not in alice.call("setReaction", ":smile:", sent["_id"])
        assert kept(here, sent["_id"])["reactions"] == {":smile:": {"usernames": ["alice"]}}
        alice.result("setReaction", ":smile:", sent["_id"])
        assert "reactions" not in kept(here, sent["_id"])

    def test_a_reaction_is_refused(self, here: World, alice: Talk, carol: Talk, nobody: Talk, group: str) -> None:
        sent = here.alice.says(group, "hello")["_id"]
        details = {"method": "setReaction"}
        assert refused(alice, "setReaction", ":smile:", "x") == ("error-not-allowed", "Not allowed", details)
        invalid = ("error-not-allowed", "Invalid emoji provided.", details)
        assert refused(alice, "setReaction", "", sent) == invalid
        assert refused(carol, "setReaction", ":smile:", sent)[0] == "not-authorized"
        assert refused(nobody, "setReaction", ":smile:", sent)[0] == "error-invalid-user"
        for crash in ((), (None, sent), (5, sent), (":smile:", 5)):
            assert refused(alice, "setReaction", *crash)[0] == 500
        assert alice.result("setReaction", ":smile:", {"$ne": None}) is None


class TestReading:
    def test_a_room_is_read(self, here: World, carol: Talk, group: str) -> None:
        with talk(here, here.bob) as bob:
            here.alice.says(group, "hello @bob")
            assert "result" not in bob.call("readMessages", group)
            assert here.bob.reads("subscriptions.getOne", roomId=group)["subscription"]["unread"] == 0
        assert refused(carol, "readMessages", group)[0] == "error-not-allowed"
        square = here.alice.channel(f"square-{next(_NUMBERS)}")["_id"]
        assert refused(carol, "readMessages", square)[0] == 500
        reason = "This room does not exist"
        assert refused(carol, "readMessages", "x") == ("error-room-does-not-exist", reason, {"method": "readMessages"})

    def test_history_is_newest_first_and_limited(self, here: World, alice: Talk, carol: Talk, group: str) -> None:
        sent = [here.alice.says(group, str(number)) for number in range(25)]
        here.bob.says(group, "in a thread", tmid=sent[0]["_id"])

        def texts(*params: Any) -> list[str]:
            return [each["msg"] for each in alice.result("loadHistory", group, *params)["messages"]]

        without_threads = (None, 50, None, False)
        newest = ["in a thread", *(str(number) for number in reversed(range(25)))]
        assert texts() == newest[:20]
        assert texts(None, 3) == newest[:3]
        assert texts(None, None) == newest
        assert texts(*without_threads) == newest[1:]
        tenth = alice.result("loadHistory", group, None, 50)["messages"][16]
        assert texts(tenth["ts"], 2) == newest[17:19]
        for end in (5, True, "yesterday", {"$ne": None}):
            assert texts(end) == []
        assert carol.result("loadHistory", group) is False
        assert alice.result("loadHistory", "unknown") is False

    def test_history_tells_what_lies_unread_before_it(self, here: World, alice: Talk, group: str) -> None:
        seen = milliseconds(here.state.clock.now())
        for number in range(5):
            here.bob.says(group, str(number))
        told = alice.result("loadHistory", group, None, 2, {"$date": seen})
        assert [each["msg"] for each in told["messages"]] == ["4", "3"]
        assert (told["firstUnread"]["msg"], told["unreadNotLoaded"]) == ("0", 3)
        whole = alice.result("loadHistory", group, None, 20, {"$date": seen})
        assert "firstUnread" not in whole
        assert whole["unreadNotLoaded"] == 0

    def test_hidden_kinds_of_system_messages_are_left_out(self, here: World, alice: Talk, group: str) -> None:
        here.alice.does("groups.setTopic", roomId=group, topic="weather")
        assert len(alice.result("loadHistory", group)["messages"]) == 1
        with here.setting("Hide_System_Messages", value=["room_changed_topic"]):
            assert alice.result("loadHistory", group)["messages"] == []

    def test_what_was_missed_is_given_newest_first(
        self, here: World, alice: Talk, carol: Talk, nobody: Talk, group: str
    ) -> None:
        first = here.bob.says(group, "one")
        here.bob.says(group, "two")
        assert [each["msg"] for each in alice.result("loadMissedMessages", group, {"$date": 0})] == ["two", "one"]
        kept_first = kept(here, first["_id"])
        since = {"$date": milliseconds(kept_first["ts"])}
        assert [each["msg"] for each in alice.result("loadMissedMessages", group, since)] == ["two"]
        assert carol.result("loadMissedMessages", group, since) is False
        assert nobody.result("loadMissedMessages", group, since) is False
        assert refused(alice, "loadMissedMessages", "", since)[2] == {"method": "getUsersOfRoom"}
        starts: tuple[Any, ...] = (5, "x", {}, None)
        for start in starts:
            assert refused(alice, "loadMissedMessages", group, start)[0] == 400
