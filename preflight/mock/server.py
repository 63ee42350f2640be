"""Server: the mock workspace on a port of this machine, beside other work or in the foreground."""

import secrets
import socket
from collections.abc import Callable, Mapping
from threading import Event, Thread
from types import TracebackType
from typing import Self

import uvicorn
from starlette.applications import Starlette

from preflight.errors import UsageError
from preflight.mock.app import create_app
from preflight.mock.fault import Fault
from preflight.mock.founding import found
from preflight.mock.workspace import Edition, Workspace

HOST = "127.0.0.1"
_START_S = 10.0


class _Announcing(uvicorn.Server):
    """A server that says when it listens, so that nobody has to ask again and again."""

    def __init__(self, app: Starlette, listening: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http="h11",
                ws="websockets-sansio",
                loop="asyncio",
                lifespan="off",
                log_level="warning",
                access_log=False,
                server_header=False,
                date_header=False,  # the workspace has a clock of its own
                timeout_graceful_shutdown=1,
                timeout_keep_alive=60,  # a machine with little time loses no connection that is about to be used
            )
        )
        self._listening = listening

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._listening()


class MockServer:
    """A mock workspace that serves while a ``with`` block runs: ``url``, and an administrator who may log in.

    The default workspace is founded anew; one that is given keeps its own administrator, whose password is then the
    business of who founded it.
    """

    def __init__(  # noqa: PLR0913 - each may be set alone
        self,
        *,
        release: str = "8.0",
        edition: Edition = "enterprise",
        fault: Fault | None = None,
        port: int = 0,
        admin_username: str = "admin",
        admin_password: str | None = None,
        admin_totp: str | None = None,
        rate_limited: bool = False,
        slow_refusals: bool = False,
        workspace: Workspace | None = None,
    ) -> None:
        self.admin_username = admin_username
        self.admin_password = admin_password or secrets.token_urlsafe(12)
        self.workspace = workspace or found(
            release=release,
            edition=edition,
            admin_username=admin_username,
            admin_password=self.admin_password,
            admin_totp=admin_totp,
        )
        self._socket = _bound(port)
        self.port: int = self._socket.getsockname()[1]
        self.workspace.settings["Site_Url"] = self.url
        app = create_app(self.workspace, fault, rate_limited=rate_limited, slow_refusals=slow_refusals)
        self._ready = Event()
        self._server = _Announcing(app, self._ready.set)
        self._thread: Thread | None = None

    @property
    def url(self) -> str:
        """The address of the workspace."""
        return f"http://{HOST}:{self.port}"

    @property
    def realtime_url(self) -> str:
        """The address of its Realtime API."""
        return f"ws://{HOST}:{self.port}/websocket"

    def start(self) -> None:
        """Starts serving in a thread and returns once requests are answered."""
        self._thread = Thread(target=self._server.run, args=([self._socket],), name="mock workspace", daemon=True)
        self._thread.start()
        if not self._ready.wait(_START_S):
            raise UsageError("The mock workspace did not start.", hint="see the messages of the server above")

    def stop(self) -> None:
        """Stops serving and frees the port."""
        self._server.should_exit = True
        if self._thread is not None:
            self._thread.join()
        self._socket.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def serve(self, listening: Callable[[], None]) -> None:
        """Serves in this thread until Ctrl-C; calls ``listening`` once requests are answered."""
        self._server = _Announcing(self._server.config.app, listening)  # type: ignore[arg-type] # it is the app given above
        try:
            self._server.run([self._socket])
        except KeyboardInterrupt:
            return
        finally:
            self._socket.close()


def _bound(port: int) -> socket.socket:
    """Gives a listening socket; raises UsageError where the port cannot be had."""
    # Named by its protocol, the socket is recognised by asyncio, which then sends small answers without delay.
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((HOST, port))
    except (OSError, OverflowError) as problem:
        bound.close()
        reason = problem.strerror if isinstance(problem, OSError) else "no such port"
        raise UsageError(
            f"Port {port} of {HOST} cannot be used: {(reason or str(problem)).lower()}.",
            hint="choose another with --port, or 0 for any that is free",
        ) from None
    bound.listen(128)
    return bound


def serve(  # noqa: PLR0913 - the options of the command
    *,
    port: int,
    release: str,
    edition: Edition = "enterprise",
    fault: Fault | None = None,
    admin_username: str = "admin",
    admin_password: str | None = None,
    admin_totp: str | None = None,
    rate_limited: bool = False,
    limit: Mapping[str, int] | None = None,
    slow_refusals: bool = False,
    say: Callable[[str], None] = print,
) -> None:
    """Serves a mock workspace in the foreground until Ctrl-C; tells its address and credentials once it listens.

    ``limit`` are settings of the limiter that differ from the usual.

    Raises:
        UsageError: when the release is unknown or the port cannot be had.
    """
    server = MockServer(
        release=release,
        edition=edition,
        fault=fault,
        port=port,
        admin_username=admin_username,
        admin_password=admin_password,
        admin_totp=admin_totp,
        rate_limited=rate_limited,
        slow_refusals=slow_refusals,
    )
    for name, value in (limit or {}).items():
        server.workspace.settings[name] = value
    planted = f", with the fault {fault.name}: {fault.sentence}" if fault else ""

    def listening() -> None:
        say(f"Mock workspace of release {release} ({edition}){planted}")
        say(f"  address   {server.url}")
        say(f"  realtime  {server.realtime_url}")
        say(f"  user      {server.admin_username}")
        say(f"  password  {server.admin_password}")
        say("Stop it with Ctrl-C.")

    server.serve(listening)
