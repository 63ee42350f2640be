"""Connections: one realtime connection for each person, opened the first time somebody speaks there.

Who listens, or says what the protocol does not allow, does so over a connection apart.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from preflight.errors import TargetError
from preflight.model.json import Json
from preflight.wire.ddp import DdpClient
from preflight.wire.frames import ACCEPTED
from preflight.wire.pace import MOST_TRIES, Bucket
from preflight.wire.rest import API, TOKEN_HEADER, Answer, Ask, RestClient
from preflight.wire.talk import Talk
from preflight.wire.transcript import exchange_ids

ME = f"{API}me"
IDLE_S = 10.0  # servers end connections on which their pings are not answered


class Connections:
    """Sends realtime calls; who is not logged in speaks over a connection of their own.

    Args:
        client: knows the address of the target, the secrets, and how long to wait.
    """

    def __init__(self, client: RestClient) -> None:
        self.calls_sent = 0
        self._client = client
        self._ids = exchange_ids()
        self._open: dict[str, DdpClient] = {}
        self._heard: dict[str, float] = {}

    def call(self, ask: Ask) -> Answer:
        """Call the method that `ask.path` names with the arguments in `ask.body`; again where the limiter refuses.

        Raises:
            TargetError: when no answer comes; the connection is given up, and the next call opens another.
        """
        pace, bucket = self._client.pace, Bucket(ask.method, ask.path, ask.actor)
        for left in reversed(range(MOST_TRIES)):
            pace.before(bucket, ask.actor)
            answer = self._call_once(ask)
            refusal = pace.after_call(bucket, answer.body)
            if refusal is None:
                break
            if left:
                pace.wait(refusal.seconds, str(bucket))
        return answer

    def _call_once(self, ask: Ask) -> Answer:
        self.calls_sent += 1
        token = self._current(ask.headers.get(TOKEN_HEADER, ""))
        params: list[Json] = list(ask.body) if isinstance(ask.body, list) else []
        try:
            answer = self._connection(ask, token).call(ask.path, params, purpose=ask.purpose)
        except TargetError:
            self._give_up(token)
            raise
        self._heard[token] = self._client.pace.clock.now()
        return answer

    @property
    def patience_s(self) -> float:
        """How long to wait for one frame, in seconds."""
        return self._client.timeout_s

    @contextmanager
    def listening(self, actor: str, token: str) -> Iterator[DdpClient]:
        """Open a connection apart for somebody who listens; raises TargetError where it does not open."""
        client = self._new()
        try:
            client.connect()
            client.login_with_token(actor, token)
            yield client
        finally:
            self.calls_sent += client.frames_sent
            client.close()

    @contextmanager
    def talking(self, actor: str) -> Iterator[Talk]:
        """Open a websocket on which nothing was said yet; raises TargetError where it does not open."""
        client = self._client
        talk = Talk(
            client.base_url,
            client.redactor,
            actor=actor,
            timeout_s=client.timeout_s,
            ids=self._ids,
            watch=client.watch,
            ca_bundle=client.ca_bundle,
        )
        try:
            yield talk
        finally:
            self.calls_sent += talk.frames_sent
            talk.close()

    def close(self) -> None:
        """Let all connections go; who speaks afterwards opens another."""
        for token in tuple(self._open):
            self._give_up(token)

    def _current(self, token: str) -> str:
        renewing = self._client.renewing
        return token if renewing is None else renewing.current_token(token)

    def _connection(self, ask: Ask, token: str) -> DdpClient:
        if token in self._open and not self._is_alive(token):
            self._give_up(token)
        if token not in self._open:
            self._open[token] = made = self._new()
            made.connect()
            if token and made.login_with_token(ask.actor, token).status != ACCEPTED:
                # A request over HTTP tells whether the token has ended, and has it renewed if so.
                self._client.send(Ask(actor=ask.actor, purpose="who am I?", method="GET", path=ME, headers=ask.headers))
                fresh = self._current(token)
                if fresh != token:
                    self._give_up(token)
                    return self._connection(ask, fresh)
        return self._open[token]

    def _is_alive(self, token: str) -> bool:
        """Whether a connection can be spoken on; one that was silent for long is asked."""
        if self._client.pace.clock.now() - self._heard.get(token, 0.0) < IDLE_S:
            return True
        try:
            self._open[token].ping()
        except TargetError:
            return False
        return True

    def _new(self) -> DdpClient:
        client = self._client
        return DdpClient(
            client.base_url,
            client.redactor,
            timeout_s=client.timeout_s,
            ids=self._ids,
            watch=client.watch,
            ca_bundle=client.ca_bundle,
        )

    def _give_up(self, token: str) -> None:
        connection = self._open.pop(token, None)
        if connection is not None:
            connection.close()
