"""Addresses of a workspace: which texts are one, and where its websocket listens."""

from urllib.parse import urlsplit

from preflight.errors import UsageError


def workspace_address(text: str) -> str:
    """Give the address without a slash at its end.

    Raises:
        UsageError: when the text is no HTTP address, or holds credentials, which the error does not repeat.
    """
    try:
        parts = urlsplit(text if "://" in text else f"//{text}")
        known = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # brackets without end, a port that is no number
        known = False
    if not known:
        raise UsageError(
            f"{_without_credentials(text)!r} is no address of a workspace",
            hint="write it with its scheme, for instance https://chat.example.org",
        )
    if parts.username or parts.password:
        raise UsageError(
            "the address of the target holds credentials",
            hint="leave them out of the address; give --user and --password-file instead",
        )
    return text.rstrip("/")


def websocket_address(workspace: str) -> str:
    """Give the address of the websocket of a workspace; wss where the workspace is https."""
    scheme, _, rest = workspace_address(workspace).partition("://")
    return f"{'wss' if scheme.lower() == 'https' else 'ws'}://{rest}/websocket"


def _without_credentials(address: str) -> str:
    before, mark, after = address.rpartition("@")
    scheme, separator, _ = before.partition("://")
    return f"{scheme + separator if separator else ''}…@{after}" if mark else address
