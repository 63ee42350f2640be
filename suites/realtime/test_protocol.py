"""Protocol: what the two sides of a realtime connection say to each other, beside what methods and streams are about.

https://developer.rocket.chat/apidocs/realtime-method-calls
"""

from preflight.model.json import JsonObject
from preflight.session.promised import promises
from preflight.session.realtime_acts import CONNECT, Conversation


@promises("ddp:connect#behaviour:protocol.names-session")
def test_a_session_is_given_and_named(conversation: Conversation) -> None:
    """A server MUST answer the request for a session with connected, which names the session."""
    conversation.opens().says(CONNECT)
    conversation.must_get({"msg": "connected"}, named=("/session",)).keeps("protocol.answered")


@promises("ddp:connect#behaviour:protocol.refuses-wrong-version")
def test_a_version_that_nobody_speaks_is_refused(conversation: Conversation) -> None:
    """A server MUST refuse a version of the protocol that it does not speak, and say which one it does."""
    conversation.opens().says({"msg": "connect", "version": "99", "support": ["99"]})
    conversation.must_get({"msg": "failed", "version": "1"}).keeps("protocol.answered")


@promises("ddp:connect#behaviour:protocol.refuses-before-connect")
def test_a_call_before_the_session_is_refused(conversation: Conversation) -> None:
    """A server MUST refuse a call on a connection that has no session yet."""
    call: JsonObject = {"msg": "method", "method": "rooms/get", "id": "early", "params": []}
    conversation.opens().says(call)
    conversation.must_get({"msg": "error", "reason": "Must connect first", "offendingMessage": call})
    conversation.keeps("protocol.answered")


@promises("ddp:connect#behaviour:protocol.refuses-second-connect")
def test_a_second_session_is_refused(conversation: Conversation) -> None:
    """A server MUST refuse a second session on one connection."""
    conversation.connects().says(CONNECT)
    conversation.must_get({"msg": "error", "reason": "Already connected"}).keeps("protocol.answered")


@promises("ddp:connect#behaviour:protocol.unknown-frame")
def test_a_frame_of_an_unknown_kind_is_refused(conversation: Conversation) -> None:
    """A server MUST refuse frames that the protocol does not have, and texts that are no frames; and go on."""
    conversation.connects().says({"msg": "nonsense"})
    conversation.must_get({"msg": "error", "reason": "Bad request", "offendingMessage": {"msg": "nonsense"}})
    conversation.says("no JSON at all").says({"msg": "ping", "id": "still-there"})
    conversation.must_get({"msg": "pong", "id": "still-there"}).keeps("protocol.answered")


@promises("ddp:connect#behaviour:protocol.malformed-call")
def test_a_malformed_call_is_refused(conversation: Conversation) -> None:
    """A server MUST refuse a call without an id, and one whose arguments are no list."""
    nameless: JsonObject = {"msg": "method", "method": "rooms/get", "params": []}
    shapeless: JsonObject = {"msg": "method", "method": "rooms/get", "id": "shapeless", "params": "none"}
    conversation.connects()
    for call in (nameless, shapeless):
        refusal: JsonObject = {"msg": "error", "reason": "Malformed method invocation", "offendingMessage": call}
        conversation.says(call).must_get(refusal)
    conversation.keeps("protocol.answered")


@promises("ddp:connect#behaviour:protocol.malformed-subscription")
def test_a_malformed_subscription_is_refused(conversation: Conversation) -> None:
    """A server MUST refuse a subscription without an id."""
    nameless: JsonObject = {"msg": "sub", "name": "stream-notify-all", "params": ["public-settings-changed", False]}
    conversation.connects().says(nameless)
    refusal: JsonObject = {"msg": "error", "reason": "Malformed subscription", "offendingMessage": nameless}
    conversation.must_get(refusal).keeps("protocol.answered")


@promises("ddp:connect#behaviour:protocol.unknown-method")
def test_an_unknown_method_is_refused(conversation: Conversation) -> None:
    """A server MUST answer a call of a method that it does not have with error 404."""
    conversation.connects().says({"msg": "method", "method": "preflight/unknown", "id": "unknown", "params": []})
    conversation.must_get({"msg": "result", "id": "unknown", "error": {"error": 404}}).keeps("protocol.answered")


@promises("ddp:connect#behaviour:protocol.unknown-stream")
def test_an_unknown_stream_is_refused(conversation: Conversation) -> None:
    """A server MUST answer a subscription to a stream that it does not have with nosub and error 404."""
    conversation.connects().says({"msg": "sub", "id": "unknown", "name": "preflight-unknown", "params": []})
    conversation.must_get({"msg": "nosub", "id": "unknown", "error": {"error": 404}}).keeps("protocol.answered")


@promises("ddp:ping#behaviour:protocol.answers-ping")
def test_a_ping_is_answered(conversation: Conversation) -> None:
    """A server MUST answer a ping with a pong that has its id, and one without an id as well."""
    conversation.connects().says({"msg": "ping", "id": "here"})
    conversation.must_get({"msg": "pong", "id": "here"}).says({"msg": "ping"})
    conversation.must_get({"msg": "pong"}).keeps("protocol.answered")


@promises("ddp:login#behaviour:login.password")
def test_who_knows_the_password_gets_in(conversation: Conversation) -> None:
    """A login by name and digest of the password MUST be answered with the user, a token and when it expires."""
    conversation.connects().says(_login(conversation, "{case.secret}"))
    result: JsonObject = {"id": "{alice.guest.id}", "type": "password"}
    conversation.must_get({"msg": "result", "id": "login", "result": result}, named=("/result/token",))
    conversation.keeps("protocol.answered")


@promises("ddp:login#behaviour:login.resume")
def test_who_has_a_token_gets_in(conversation: Conversation) -> None:
    """A login by a token of an earlier login, also of one over REST, MUST be answered with the same user."""
    conversation.logs_in("alice")
    conversation.must_get({"msg": "result", "id": "login", "result": {"id": "{alice.id}", "type": "resume"}})
    conversation.keeps("protocol.answered")


@promises("ddp:login#behaviour:login.wrong-password")
def test_a_wrong_password_is_refused(conversation: Conversation) -> None:
    """A login by a wrong password MUST be refused with error 403."""
    conversation.connects().says(_login(conversation, "not {case.secret}"))
    conversation.must_get({"msg": "result", "id": "login", "error": {"error": 403}}).keeps("protocol.answered")


@promises("ddp:login#behaviour:login.wrong-token")
def test_a_token_that_nobody_has_is_refused(conversation: Conversation) -> None:
    """A login by an unknown token MUST be refused with error 403."""
    conversation.connects()
    conversation.says({"msg": "method", "method": "login", "id": "login", "params": [{"resume": "{case.secret}"}]})
    conversation.must_get({"msg": "result", "id": "login", "error": {"error": 403}}).keeps("protocol.answered")


@promises("ddp:*#behaviour:protocol.result-id", "ddp:*#behaviour:protocol.updated")
def test_a_call_is_answered_under_its_id(conversation: Conversation) -> None:
    """The result of a call MUST have the call's id, and an updated frame MUST name it once its writes are done."""
    conversation.calls("this-one")
    conversation.must_get({"msg": "result", "id": "this-one"}, proves="protocol.result-id")
    conversation.must_get({"msg": "updated", "methods": ["this-one"]}, proves="protocol.updated")
    conversation.keeps("protocol.answered")


@promises("ddp:stream-*#behaviour:protocol.ready", "ddp:stream-*#behaviour:protocol.nosub")
def test_a_subscription_is_granted_and_given_up(conversation: Conversation) -> None:
    """A subscription MUST be answered with ready, and its end with nosub, each with its id."""
    stream = conversation.performance.contract.path
    event = {
        "stream-room-messages": "{alice.channel.id}",
        "stream-notify-room": "{alice.channel.id}/user-activity",
        "stream-notify-user": "{alice.id}/subscriptions-changed",
    }[stream]
    conversation.logs_in("alice").says({"msg": "sub", "id": "listening", "name": stream, "params": [event, False]})
    conversation.must_get({"msg": "ready", "subs": ["listening"]}, proves="protocol.ready")
    conversation.says({"msg": "unsub", "id": "listening"})
    conversation.must_get({"msg": "nosub", "id": "listening"}, proves="protocol.nosub")
    conversation.keeps("protocol.answered")


def _login(conversation: Conversation, password: str) -> JsonObject:
    proof: JsonObject = {"digest": conversation.digest(password), "algorithm": "sha-256"}
    who: JsonObject = {"user": {"username": "{alice.guest.username}"}, "password": proof}
    return {"msg": "method", "method": "login", "id": "login", "params": [who]}
