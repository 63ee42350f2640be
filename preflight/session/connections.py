"""Connections: one realtime connection for each person, opened the first time somebody speaks there."""

from preflight.errors import TargetError
from preflight.model.json import Json
from preflight.wire.ddp import DdpClient
from preflight.wire.rest import Answer, Ask, RestClient
from preflight.wire.transcript import exchange_ids

REALTIME = "ddp"
TOKEN_HEADER = "X-Auth-Token"  # noqa: S105 (the name of a header)


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

    def call(self, ask: Ask) -> Answer:
        """Call the method that `ask.path` names with the arguments in `ask.body`.

        Raises:
            TargetError: when no answer comes; the connection is given up, and the next call opens another.
        """
        self.calls_sent += 1
        token = ask.headers.get(TOKEN_HEADER, "")
        params: list[Json] = list(ask.body) if isinstance(ask.body, list) else []
        try:
            return self._connection(ask.actor, token).call(ask.path, params, purpose=ask.purpose)
        except TargetError:
            self._give_up(token)
            raise

    def close(self) -> None:
        """Let all connections go."""
        for token in tuple(self._open):
            self._give_up(token)

    def _connection(self, actor: str, token: str) -> DdpClient:
        if token not in self._open:
            made = DdpClient(
                self._client.base_url, self._client.redactor, timeout_s=self._client.timeout_s, ids=self._ids
            )
            self._open[token] = made
            made.connect()
            if token:
                made.login_with_token(actor, token)
        return self._open[token]

    def _give_up(self, token: str) -> None:
        connection = self._open.pop(token, None)
        if connection is not None:
            connection.close()
