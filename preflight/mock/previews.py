"""Previews: what an address is about, told by who answers there.

Nothing of the world outside can be asked from here. A workspace can ask itself, at the address that is its own, unless
the setting API_EmbedIgnoredHosts forbids that host, as it does by default with those of the machine itself.
"""

from ipaddress import ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

from preflight.mock.answer import HTML
from preflight.mock.page import PAGE, TITLE
from preflight.mock.workspace import Workspace

Document = dict[str, Any]  # what a message or an answer says of an address


def preview(ws: Workspace, url: str) -> Document:
    """Gives what is known of an address: nothing where nobody answers or may be asked."""
    if not _is_own_page(ws, url):
        return {"url": url, "meta": {}}
    headers = {"contentType": HTML, "contentLength": str(len(PAGE))}
    return {"url": url, "meta": {"pageTitle": TITLE}, "headers": headers}


def _is_own_page(ws: Workspace, url: str) -> bool:
    try:
        wanted, own = urlsplit(url), urlsplit(str(ws.settings["Site_Url"]))
        same = (wanted.scheme, wanted.hostname, wanted.port) == (own.scheme, own.hostname, own.port)
    except ValueError:
        return False
    ignored = [each.strip() for each in str(ws.settings["API_EmbedIgnoredHosts"]).split(",")]
    forbidden = any(_covers(each, str(wanted.hostname)) for each in ignored if each)
    return same and not forbidden and not wanted.path.startswith("/api/")


def _covers(pattern: str, host: str) -> bool:
    """Tells whether a host is one that the setting names, by its name, its address, or a range of addresses."""
    if pattern == host:
        return True
    try:
        return "/" in pattern and ip_address(host) in ip_network(pattern, strict=False)
    except ValueError:
        return False
