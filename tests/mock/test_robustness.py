"""Whatever is sent, the mock answers, and as a server would: nothing breaks it, and nothing makes it say 500."""

import json
import logging
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from preflight.mock import messages, rooms, users
from preflight.mock.answer import Answer, encode
from preflight.mock.dispatch import Dispatcher, Received
from preflight.mock.families import all_routes
from preflight.mock.founding import found, join_default_rooms
from preflight.mock.release import Regime
from preflight.mock.routing import Table

JSON = "application/json"
#: Routes that end the login or the world of the test, and those that answer 500 where a server does.
LEFT_OUT = frozenset({"login", "logout"})
PARAMETERS = tuple(
    """
    roomId rid roomName username userId usernames msgId messageId mid tmid text msg message channel emoji reaction
    updatedSince lastUpdate since latest oldest offset count sort fields query filter status searchText url type name
    members settings permissions value topic roles role_name teamId rooms prid pmid t_name users excludeSelf ignore
    data roomTopic readOnly encrypted attachments customFields previewUrls ts _id field targetLanguage defaultLanguage
    tokenName bypassTwoFactor user announcement description default favorite roleName teamName latest inclusive
    """.split()  # noqa: SIM905 - words without quotes are easier to read
)
ODD_NUMBERS = ("1e400", "-1e400", "NaN", "Infinity", "-0", "0x10", "1_0", "9" * 5000, "1e-400", "٣", "½", "--1", "1.5")
ODD_TEXTS = (
    "",
    " ",
    "\0",
    "\ud800",
    "a\u0301",
    "\u202e",
    "\U0001d54f",
    "[",
    "{",
    '{"$regex":"["}',
    '{"$or":1}',
    '{"ts":[]}',
    "*",
)
CONTENT_TYPES = (
    "application/json",
    "application/json; charset=utf-16",
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "multipart/form-data; boundary=x",
    "application/xml",
    "",
    "\xff",
)

numbers = st.integers() | st.floats()
texts = st.sampled_from([*ODD_NUMBERS, *ODD_TEXTS]) | st.text(max_size=20)
known = st.sampled_from(
    ["GENERAL", "general", "alice", "admin", "rocket.cat", "known-message", "#general", "@alice", "t"]
)
scalars = st.none() | st.booleans() | numbers | texts | known
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(PARAMETERS) | texts, inner, max_size=3),
    max_leaves=6,
)
objects = st.dictionaries(st.sampled_from(PARAMETERS), values, max_size=5)
queries = st.dictionaries(st.sampled_from(PARAMETERS), texts | known, max_size=4)


class Target:
    """A dispatcher of one release with somebody logged in."""

    def __init__(self, release: str) -> None:
        self.ws = found(release=release, admin_password="x")
        self.ws.settings["Block_Multiple_Failed_Logins_Enabled"] = False  # or all but the first logins would be alike
        alice = users.create(self.ws, username="alice", name="Alice", password="x")
        join_default_rooms(self.ws, alice)
        admin = self.ws.users.named("admin")
        assert admin is not None
        self.people = {each["username"]: (each, users.log_in(self.ws, each)) for each in (alice, admin)}
        general = self.ws.rooms.get(rooms.GENERAL)
        assert general is not None
        self.general = general
        self.dispatcher = Dispatcher(self.ws, Table(all_routes(), self.ws.regime))
        self.ensure()

    def ensure(self) -> None:
        """Brings back what an earlier request may have deleted."""
        if "known-message" not in self.ws.messages:
            messages.post(self.ws, self.people["alice"][0], self.general, {"msg": "hello", "_id": "known-message"})

    def ask(  # noqa: PLR0913 - the parts of a request
        self, method: str, path: str, *, by: str = "admin", query: str = "", content: bytes = b"", kind: str = ""
    ) -> Answer:
        user, token = self.people[by]
        headers = {"x-auth-token": token, "x-user-id": user["_id"]}
        if kind:
            headers["content-type"] = kind
        return self.dispatcher.respond(
            Received(method=method, path=path, query=query, headers=headers, content=content, address="127.0.0.1")
        )


TARGETS = {release: Target(release) for release in Regime.known()}
ROUTES = sorted({(route.method, route.name) for route in all_routes()})


def answers(caplog: pytest.LogCaptureFixture, answer: Answer) -> None:
    """Demand an answer that can be sent, that is no 500, and that came without anything breaking."""
    assert [record.getMessage() for record in caplog.records] == []
    assert answer.status != 500
    content = answer.encoded()
    if answer.content_type == "application/json" and answer.body is not None:
        json.loads(content.decode())


def path_of(name: str) -> str:
    filled = "/".join("GENERAL" if part.startswith(":") else part for part in name.split("/"))
    return filled if filled.startswith("/") else f"/api/v1/{filled}"


FUZZ = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("release", Regime.known())
@FUZZ
@given(route=st.sampled_from(ROUTES), body=objects, by=st.sampled_from(["admin", "alice"]))
@example(route=("POST", "chat.sendMessage"), body={"message": {"rid": "GENERAL", "msg": "\ud800"}}, by="alice")
def test_any_object_is_answered(caplog: pytest.LogCaptureFixture, release: str, route: Any, body: Any, by: str) -> None:
    target = TARGETS[release]
    if route[1] in LEFT_OUT:
        return
    caplog.clear()
    target.ensure()
    content = json.dumps(body).encode()
    with caplog.at_level(logging.WARNING):
        answers(caplog, target.ask(route[0], path_of(route[1]), by=by, content=content, kind="application/json"))


@pytest.mark.parametrize("release", Regime.known())
@FUZZ
@given(route=st.sampled_from([each for each in ROUTES if each[0] == "GET"]), query=queries)
@example(route=("GET", "channels.list"), query={"count": "1e400"})
@example(route=("GET", "channels.list"), query={"query": '{"$or":1}'})
@example(route=("GET", "channels.list"), query={"query": '{"name":{"$regex":"["}}'})
def test_any_query_is_answered(caplog: pytest.LogCaptureFixture, release: str, route: Any, query: Any) -> None:
    target = TARGETS[release]
    if route[1] in LEFT_OUT:
        return
    caplog.clear()
    printed = urlencode({key: value.encode("utf-8", "surrogatepass") for key, value in query.items()})
    with caplog.at_level(logging.WARNING):
        answers(caplog, target.ask("GET", path_of(route[1]), query=printed))


@pytest.mark.parametrize("release", Regime.known())
@FUZZ
@given(content=st.binary(max_size=200), kind=st.sampled_from(CONTENT_TYPES))
@example(content=b"[" * 100_000, kind="application/json")
@example(content=b'{"a":' * 900 + b"1" + b"}" * 900, kind="application/json")
@example(content=b'{"message":' + b"9" * 5000 + b"}", kind="application/json")
@example(content=b'{"message": NaN}', kind="application/json")
@example(content=b'{"message": "' + b"x" * 1_000_000 + b'"}', kind="application/json")
@example(content=b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--", kind="multipart/form-data; boundary=x")
def test_any_bytes_are_answered(caplog: pytest.LogCaptureFixture, release: str, content: bytes, kind: str) -> None:
    caplog.clear()
    for path in ("/api/v1/chat.sendMessage", "/api/v1/rooms.media/GENERAL", "/api/v1/channels.create"):
        with caplog.at_level(logging.WARNING):
            answers(caplog, TARGETS[release].ask("POST", path, content=content, kind=kind))


@pytest.mark.parametrize("release", Regime.known())
@FUZZ
@given(body=objects | st.lists(scalars, max_size=2))
@example(body={"user": "admin", "password": "\ud800"})
def test_a_login_of_any_kind_is_answered(caplog: pytest.LogCaptureFixture, release: str, body: Any) -> None:
    caplog.clear()
    with caplog.at_level(logging.WARNING):
        answer = TARGETS[release].ask(
            "POST", "/api/v1/login", content=json.dumps(body).encode(), kind="application/json"
        )
    assert [record.getMessage() for record in caplog.records] == []
    assert answer.status in {200, 400, 401, 500}
    assert answer.status != 500 or answer.body == {"success": False, "error": "Internal server error"}


@given(values)
def test_numbers_beyond_all_bounds_are_printed_as_null(value: Any) -> None:
    json.loads(encode({"value": value}).decode("utf-8", "surrogatepass"), parse_constant=pytest.fail)


UNIFORM: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1.5,
    10**400,
    "",
    "\ud800",
    "GENERAL",
    [],
    [None],
    [[]],
    {},
    {"$ne": None},
    {"a": {}},
)


@pytest.mark.parametrize("release", Regime.known())
@pytest.mark.parametrize("value", UNIFORM, ids=str)
def test_every_route_answers_when_every_parameter_is_alike(
    caplog: pytest.LogCaptureFixture, release: str, value: Any
) -> None:
    target = Target(release)
    content = encode(dict.fromkeys(PARAMETERS, value))
    query = urlencode(
        [(f"{key}[]" if isinstance(value, list) else key, str(value)[:50]) for key in PARAMETERS], errors="replace"
    )
    with caplog.at_level(logging.WARNING):
        for method, name in ROUTES:
            if name not in LEFT_OUT:
                target.ensure()
                answers(
                    caplog, target.ask(method, path_of(name), query=query, content=content, kind="application/json")
                )


RECORDS = ("t", "drid", "tcount", "replies", "starred", "reactions", "pinned", "mentions", "files", "score", "unread")
NOTES: tuple[Any, ...] = (
    "x",
    5,
    True,
    None,
    ["x"],
    [1],
    [{"_id": 1}],
    [{"a": 1}],
    {"a": 1},
    {"a": {"usernames": "x"}},
    {"a": {}},
)
READS = (
    "channels.messages?roomId=GENERAL",
    "channels.history?roomId=GENERAL",
    "chat.getStarredMessages?roomId=GENERAL",
    "chat.getThreadsList?rid=GENERAL",
    "rooms.get?",
)
WRITES = ("chat.react", "chat.starMessage", "chat.unStarMessage", "chat.pinMessage", "chat.followMessage")


@pytest.mark.parametrize("release", Regime.known())
@pytest.mark.parametrize("key", RECORDS)
def test_what_a_client_notes_in_place_of_the_workspace_spoils_nothing(
    caplog: pytest.LogCaptureFixture, release: str, key: str
) -> None:
    target = Target(release)

    def writes(name: str, **body: Any) -> Answer:
        answer = target.ask("POST", f"/api/v1/{name}", content=json.dumps(body).encode(), kind=JSON)
        answers(caplog, answer)
        return answer

    for note in NOTES:
        sent = writes("chat.sendMessage", message={"rid": "GENERAL", "msg": "hello", key: note})
        if sent.status != 200:
            continue
        message_id = sent.body["message"]["_id"]
        for name in WRITES:
            writes(name, messageId=message_id, mid=message_id, emoji=":smile:")
        writes("chat.sendMessage", message={"rid": "GENERAL", "msg": "reply", "tmid": message_id})
        for path in READS:
            name, _, query = path.partition("?")
            answers(caplog, target.ask("GET", f"/api/v1/{name}", query=query))
        writes("chat.delete", roomId="GENERAL", msgId=message_id)


@pytest.mark.parametrize("release", Regime.known())
@pytest.mark.parametrize("text", [{"a": 1}, [1], 5, True])
def test_a_text_of_another_type_is_refused(caplog: pytest.LogCaptureFixture, release: str, text: Any) -> None:
    body = {"message": {"rid": "GENERAL", "msg": text}}
    sent = TARGETS[release].ask("POST", "/api/v1/chat.sendMessage", content=json.dumps(body).encode(), kind=JSON)
    answers(caplog, sent)


def test_half_a_surrogate_pair_is_printed_as_its_escape() -> None:
    body = b'{"roomId":"GENERAL","text":"\\ud800"}'
    sent = TARGETS["8.0"].ask("POST", "/api/v1/chat.postMessage", content=body, kind=JSON)
    assert b'"msg":"\\ud800"' in sent.encoded()
