"""The one door to websockets: opens a connection, sends and receives texts, each within a limit.

What can go wrong, in the order of the way: nobody listens, the name is unknown, the certificate is not trusted, the
opening is answered with another HTTP status or leads elsewhere, no frame comes in time (``None``, for the caller knows
what was waited for), the other side closes (``ClosedError``). Only the first ones are ``TargetError`` already.
"""

import os
import socket
import ssl
from contextlib import ExitStack
from pathlib import Path

from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException
from websockets.sync.client import connect
from websockets.uri import parse_uri

from preflight import __version__
from preflight.errors import TargetError

LARGEST_FRAME = 8 * 1024 * 1024
_LONGEST_FAREWELL_S = 2.0
_CODES = {1000: "normal", 1001: "going away", 1006: "without a close frame", 1011: "internal error"}
_TOO_LARGE, _NO_TEXT, _NO_FRAME = 1009, 1007, 1006
_BUNDLE = "REQUESTS_CA_BUNDLE"


class ClosedError(Exception):
    """The connection is closed; says how, in words that follow the address."""


class Websocket:
    """An open websocket, used by one thread.

    Args:
        url: a ws or wss address.
        timeout_s: how long opening may take, in seconds.
        ca_bundle: a file or folder of certificates to trust; None trusts what the environment names, else the usual.

    Raises:
        TargetError: when it cannot be opened.
    """

    def __init__(self, url: str, *, timeout_s: float, ca_bundle: Path | None = None) -> None:
        self._url = url
        self._stack = ExitStack()
        try:
            # No keepalive pings of the library: they would add frames that nobody asked for and a thread.
            self._socket = self._stack.enter_context(
                connect(
                    url,
                    open_timeout=timeout_s,
                    close_timeout=min(timeout_s, _LONGEST_FAREWELL_S),
                    ping_interval=None,
                    max_size=LARGEST_FRAME,
                    user_agent_header=f"preflight/{__version__}",
                    ssl=_tls(ca_bundle) if url.startswith("wss://") else None,
                )
            )
        except (OSError, ValueError, WebSocketException) as problem:
            raise _unreachable(url, timeout_s, problem) from problem
        self._refuse_detour()

    def send(self, text: str) -> None:
        """Send one text frame; raises ClosedError, and UnicodeEncodeError where UTF-8 cannot spell the text."""
        text.encode()
        try:
            self._socket.send(text)
        except ConnectionClosed as closed:
            raise ClosedError(_how(closed)) from closed

    def receive(self, within_s: float) -> str | bytes | None:
        """Give the next frame, bytes where it is a binary one, None where none comes in time; raises ClosedError."""
        try:
            return self._socket.recv(within_s)
        except TimeoutError:
            return None
        except ConnectionClosed as closed:
            raise ClosedError(_how(closed)) from closed

    def close(self) -> None:
        """Close the connection; waits two seconds at most for the other side to agree."""
        self._stack.close()

    def _refuse_detour(self) -> None:
        """A login must not follow a redirect to a host that nobody named."""
        arrived, asked = self._socket.protocol, parse_uri(self._url)
        if getattr(arrived, "uri", asked) != asked:
            self.close()
            raise TargetError(
                f"{self._url} sends the websocket to another address",
                hint="give the address to which it leads, if it is yours",
            )


def _tls(ca_bundle: Path | None) -> ssl.SSLContext:
    """Trust what REST trusts: the bundle that was named, else that of the environment."""
    bundle = ca_bundle or os.environ.get(_BUNDLE)
    if not bundle:
        return ssl.create_default_context()
    is_folder = Path(bundle).is_dir()
    return ssl.create_default_context(cafile=None if is_folder else bundle, capath=bundle if is_folder else None)


def _how(closed: ConnectionClosed) -> str:
    # The first close frame tells; the second one only repeats its code.
    ours = closed.sent.code if closed.sent and not closed.rcvd_then_sent else None
    if ours == _TOO_LARGE:
        return f"sent a frame of more than {LARGEST_FRAME // 1024 // 1024} MiB"
    if ours == _NO_TEXT:
        return "sent a text frame that is no UTF-8"
    theirs = closed.rcvd
    code = theirs.code if theirs else ours or _NO_FRAME
    reason = (theirs.reason if theirs else "") or _CODES.get(code, "")
    return f"closed the connection ({code}{', ' if reason else ''}{reason})"


def _unreachable(url: str, timeout_s: float, problem: Exception) -> TargetError:
    what, hint = _what_and_hint(timeout_s, problem)
    return TargetError(f"{url} {what}", hint=hint)


def _what_and_hint(timeout_s: float, problem: Exception) -> tuple[str, str]:
    match problem:
        case InvalidStatus():
            status = problem.response.status_code
            told = (
                f"answers HTTP {status} where a websocket should open",
                "check that the address is the workspace itself and that proxies in between pass websockets on",
            )
        case ssl.SSLCertVerificationError():
            told = (
                "shows a certificate that is not trusted",
                f"give its authority with --ca-bundle or the environment variable {_BUNDLE}",
            )
        case ssl.SSLError():
            told = ("does not speak TLS", "check whether the address begins with http or https")
        case TimeoutError():
            told = (
                f"did not open a websocket within {timeout_s:g} s",
                "check the address, or give --timeout more seconds",
            )
        case ConnectionRefusedError():
            told = ("refuses connections", "check address and port, and that the workspace is running")
        case socket.gaierror():
            told = ("has a name that is not known", "check the spelling and the DNS")
        case FileNotFoundError():
            told = ("cannot be trusted or not", f"the environment variable {_BUNDLE} names a file that is not there")
        case _:
            told = (
                f"does not open a websocket ({type(problem).__name__})",
                "check the network, and that proxies in between pass websockets on",
            )
    return told
