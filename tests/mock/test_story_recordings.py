"""The mock of 6.14 against one long story recorded with a genuine server, against its dm/im twins and its limiter."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from preflight.mock import deletions, discussions, messages, pins, rooms, subscriptions, uploads, users
from preflight.mock.call import Upload
from preflight.mock.clock import Clock
from preflight.mock.dispatch import Dispatcher, Received
from preflight.mock.families import all_routes
from preflight.mock.founding import found, join_default_rooms
from preflight.mock.routing import Table
from tests.mock.replay import BOBS, REST, Document, Stage, refusal
from tests.mock.test_recordings import Replay

MISSING = pytest.mark.skipif(not REST.is_dir(), reason="the recordings of a genuine server are not at hand")

#: What every answer has another of: times, and ids that the server makes. Their types are compared and not they.
OWN = frozenset(
    """
    _id drid rid ts _updatedAt lm dlm tlm pinnedAt uploadedAt etag token url path unreadsFrom latest message_link
    lastLogin createdAt _deletedAt pmid title_link uids
    """.split()  # noqa: SIM905 - words without quotes are easier to read
)
#: Cases in which the mock does not answer as that server did, and why.
KNOWN = {
    "GET rooms.get: all": "GENERAL had been used by other recordings before, and its last message had a reaction",
    "GET chat.search: apple": "the database behind that server gave no score",
    "GET autotranslate.getSupportedLanguages: admin targetLanguage=en": "that server had no provider of translations",
    "GET info: admin (full info)": "the page of the web application, of which the mock has an empty one",
    "GET me: admin": "that administrator had set their own preferences and been present in a browser",
}
DM = "B7SS998JyivafxGXZPcMHuw76eFdYBdZE7"
FIRST, SECOND, THIRD = "Aa5AhY8TBttryTWZr", "3aA72ZLHaef7kiLSi", "ue8KD8Kvv66zwfB4q"
SINCE = datetime(2026, 11, 22, 3, 10, 5, tzinfo=UTC)


class Story:
    """The people and rooms of the story; what the recording leaves out between two of its cases is brought about."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 3, 10, tzinfo=UTC)
        self.ws = found(release="6.14", edition="community", admin_password="x", clock=Clock(lambda: self.now))
        self.people = {name: self._person(name) for name in ("alice", "bob", "carol")}
        admin = self.ws.users.named("admin")
        assert admin is not None
        self.people["admin"] = admin
        self.tokens = {name: users.log_in(self.ws, user) for name, user in self.people.items()}
        alice = self.people["alice"]
        plans = (rooms.Plan(kind=kind, name=f"{name}-717bd", members=("bob.717bd",)) for kind, name in self.ROOMS)
        self.channel, self.group = (rooms.create(self.ws, alice, plan) for plan in plans)
        self.direct = rooms.open_direct(self.ws, alice, ["bob.717bd"])
        self.ids = {
            "B7SS998JyivafxGXZ": alice["_id"],
            "PcMHuw76eFdYBdZE7": self.people["bob"]["_id"],
            "6b02583fabb3b138c1ac2d82": admin["_id"],
            "6b025d08abb3b138c1ac3534": self.channel["_id"],
            "6b025d08abb3b138c1ac3537": self.group["_id"],
            DM: self.direct["_id"],
        }
        for at, message_id in enumerate((FIRST, SECOND, THIRD)):
            self.say("alice", f"pos {at} @bob.717bd apple", _id=message_id)
        self.dispatcher = Dispatcher(self.ws, Table(all_routes(), self.ws.regime))

    ROOMS = (("c", "golden"), ("p", "golden-priv"))

    def _person(self, name: str) -> Document:
        user = users.create(self.ws, username=f"{name}.717bd", name=name.capitalize(), password="x")
        join_default_rooms(self.ws, user)
        return user

    def say(self, name: str, text: str, room: Document | None = None, **fields: Any) -> Document:
        return messages.post(self.ws, self.people[name], room or self.channel, {"msg": text, **fields})

    def message(self, message_id: str) -> Document:
        message = self.ws.messages.get(message_id)
        assert message is not None
        return message

    # -- what happened between the cases

    def pin_the_second(self) -> None:
        pins.pin(self.ws, self.people["alice"], self.message(SECOND))

    def discuss_for_the_first_time(self) -> None:
        wish = discussions.Wish(parent=self.channel["_id"], title="disc one")
        discussions.create(self.ws, self.people["alice"], wish)

    def reply_twice(self) -> None:
        self.say("bob", "reply a", tmid=SECOND)
        self.now = SINCE
        self.say("alice", "reply b", tmid=SECOND)

    def write_to_delete(self) -> None:
        self.say("alice", "to delete", _id="ho2cnzLFA5TXxc7GK")

    def delete(self) -> None:
        deletions.delete(self.ws, self.people["alice"], self.message("ho2cnzLFA5TXxc7GK"))

    def send_a_file(self) -> None:
        alice = self.people["alice"]
        sent = Upload(name="note.txt", media_type="text/plain", content=b"0123456789")
        kept = uploads.keep(self.ws, self.direct, alice, sent)
        uploads.show(self.ws, self.direct, alice, kept, {"msg": "a file", "description": "desc"})

    def let_bob_write(self) -> None:
        place = self.ws.subscriptions.get(self.direct["_id"], self.people["alice"]["_id"])
        assert place is not None
        subscriptions.read(self.ws, place)
        self.say("bob", "unread one", room=self.direct)

    def open_the_administrators_own(self) -> None:
        own = rooms.open_direct(self.ws, self.people["admin"], ["alice.717bd"])
        self.ids[f"6b02583fabb3b138c1ac2d82{DM[:17]}"] = own["_id"]

    def switch_translation_on(self) -> None:
        self.ws.settings["AutoTranslate_Enabled"] = True

    def let_the_administrator_join(self) -> None:
        rooms.join(self.ws, self.channel, self.people["admin"])

    BEFORE: Mapping[str, Callable[["Story"], None]] = {
        "GET chat.getPinnedMessages: count=1": pin_the_second,
        "POST rooms.createDiscussion: create with pmid": discuss_for_the_first_time,
        "GET chat.getThreadsList: one": reply_twice,
        "GET chat.syncMessages: before delete": write_to_delete,
        "GET chat.getDeletedMessages: one": delete,
        "GET dm.files: one file": send_a_file,
        "GET dm.counters: after bob wrote": let_bob_write,
        "POST dm.setTopic: admin in own dm": open_the_administrators_own,
        "POST autotranslate.saveSettings: admin member? not member of room": switch_translation_on,
        'POST autotranslate.saveSettings: admin {"field": "autoTranslate", "value": true}': let_the_administrator_join,
    }

    def ask(self, case: Document) -> Document:
        before = self.BEFORE.get(case["case"])
        if before is not None:
            before(self)
        actor = case["actor"].partition(".")[0]
        request = case["request"]
        query = "&".join(f"{key}={self.here(str(value))}" for key, value in (request.get("query") or {}).items())
        answer = self.dispatcher.respond(
            Received(
                method=request["method"],
                path=request["path"],
                query=query,
                headers={
                    "x-auth-token": self.tokens[actor],
                    "x-user-id": self.people[actor]["_id"],
                    "content-type": "application/json",
                },
                content=self.here(json.dumps(request["body"])).encode() if request["body"] is not None else b"",
                address="127.0.0.1",
            )
        )
        body = json.loads(answer.encoded()) if answer.content_type == "application/json" else None
        return {"status": answer.status, "body": body}

    def here(self, text: str) -> str:
        for recorded, own in sorted(self.ids.items(), key=lambda pair: -len(pair[0])):
            text = text.replace(recorded, own)
        return text


def facts(value: Any, key: str = "") -> Any:
    """Give what two answers have in common: all but what every answer has of its own."""
    if isinstance(value, dict):
        # A discussion has an id for its name.
        own = {"name": "str"} if "prid" in value and "name" in value else {}
        return {name: facts(inner, name) for name, inner in value.items()} | own
    if key in OWN:
        return type(value).__name__
    return [facts(inner) for inner in value] if isinstance(value, list) else value


@MISSING
def test_the_mock_tells_the_same_story() -> None:
    story = Story()
    differing = []
    for case in json.loads((REST / "positive.json").read_text(encoding="utf-8"))["cases"]:
        recorded, answered = case["response"], story.ask(case)
        expected: Any = {"status": recorded["status"]}
        got: Any = {"status": answered["status"]}
        if isinstance(recorded.get("body"), dict):
            look = facts if recorded["status"] == 200 else refusal
            expected["body"] = look(json.loads(story.here(json.dumps(recorded["body"]))))
            got["body"] = look(answered["body"] or {})
        if expected != got and case["case"] not in KNOWN:
            differing.append((case["case"], expected, got))
    assert differing == []


@MISSING
def test_the_twin_of_an_operation_answers_alike() -> None:
    stage = Replay("im-alias")
    for case in json.loads((REST / "im-alias.json").read_text(encoding="utf-8"))["cases"]:
        answered = stage.ask({**case, "actor": "alice"})
        recorded = case["response"]
        assert answered["status"] == recorded["status"]
        assert facts(answered["body"]) == facts(recorded["body"])


# -- the limiter -----------------------------------------------------------------------------------------------------

HEADERS = ("x-ratelimit-limit", "x-ratelimit-remaining")


class Counted(Stage):
    """The stage of the limiter: it counts, and the calls that the recording leaves out are made too."""

    def __init__(self) -> None:
        super().__init__()
        self.dispatcher = Dispatcher(self.ws, Table(all_routes(), self.ws.regime), rate_limited=True)
        self.ids |= {"JBesxo8odNSCHWXoy": BOBS, "6b025dc823892b204164d43c": self.channel["_id"]}

    def counted(self, case: Document) -> tuple[int, list[str | None]]:
        """Ask, and give the status with the headers of the limiter."""
        actor = case["actor"]
        headers = {"content-type": "application/json"}
        if actor is not None:
            name = actor.partition(".")[0]
            headers |= {"x-auth-token": self.tokens[name], "x-user-id": self.people[name]["_id"]}
        request = case["request"]
        query = "&".join(f"{key}={self.ids.get(value, value)}" for key, value in (request["query"] or {}).items())
        content = json.dumps(request["body"]).encode() if request["body"] is not None else b""
        answer = self.dispatcher.respond(
            Received(
                method=request["method"],
                path=request["path"],
                query=query,
                headers=headers,
                content=content,
                address="127.0.0.1",
            )
        )
        return answer.status, [answer.headers.get(name) for name in HEADERS]


@MISSING
def test_the_limiter_counts_as_a_genuine_one_did() -> None:
    stage = Counted()
    differing = []
    for case in json.loads((REST / "ratelimit.json").read_text(encoding="utf-8"))["cases"]:
        recorded = case["response"]
        wanted = recorded["status"], [recorded["headers"].get(name) for name in HEADERS]
        got = stage.counted(case)
        # The recording leaves out calls that say nothing new; they are made until the counter stands where it stood.
        for _ in range(20):
            if got == wanted:
                break
            got = stage.counted(case)
        if got != wanted:
            differing.append((case["case"], wanted, got))
    assert differing == []
