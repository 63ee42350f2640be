"""A real browser without a window: Chromium, spoken to over its DevTools protocol."""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import resources
from typing import Any, Final

from websockets.sync.client import ClientConnection, connect

CHROMIUM: Final = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
NO_CHROMIUM: Final = "no chromium is on the PATH to look at pages with"

_LONGEST_S = 60
_OPTIONS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--remote-debugging-port=0"),
)
_ANNOUNCES = "DevTools listening on "

# Any: what the protocol and pages say has every shape of JSON.
Said = dict[str, Any]


@dataclass
class Page:
    """One page of the browser; `asked` are the addresses that it asked for, `complaints` what its console said."""

    connection: ClientConnection
    session: str
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    number: int = 0

    def say(self, method: str, **params: Any) -> Said:
        """Say a command and give its result."""
        self.number += 1
        said = {"id": self.number, "method": method, "params": params, "sessionId": self.session}
        self.connection.send(json.dumps(said))
        while True:
            heard = self._hear()
            if heard.get("id") == self.number:
                assert "error" not in heard, heard
                result: Said = heard["result"]
                return result

    def open(self, address: str, *, width: int = 1280, height: int = 900, dark: bool = False) -> None:
        """Open an address in a window of some size, and wait until it is loaded."""
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.say(f"{domain}.enable")
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.say("Emulation.setEmulatedMedia", features=[scheme])
        self.say("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.say("Page.navigate", url=address)
        while self._hear().get("method") != "Page.loadEventFired":
            pass

    def tell(self, expression: str) -> Any:
        """Give what an expression is in the page, when its promise is kept."""
        result = self.say("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def until(self, expression: str) -> None:
        """Wait until an expression is true: looked at again whenever the page is drawn."""
        self.tell(
            "new Promise((kept, broken) => { const late = Date.now() + 30000; const look = () => "
            f"{{ if ({expression}) kept(true); else if (Date.now() > late) broken(new Error('never')); "
            "else requestAnimationFrame(look); }; look(); })"
        )

    def barriers(self) -> list[str]:
        """Give what axe finds that keeps people out, as ``impact rule: where``."""
        self.tell((resources.files("axe_core_python") / "axe.min.js").read_text(encoding="utf-8") + "; true")
        found: list[Said] = self.tell("axe.run(document).then((told) => told.violations)")
        return [f"{one['impact']} {one['id']}: {node['target']}" for one in found for node in one["nodes"]]

    def _hear(self) -> Said:
        heard: Said = json.loads(self.connection.recv(timeout=_LONGEST_S))
        params = heard.get("params", {})
        match heard.get("method"):
            case "Network.requestWillBeSent":
                self.asked.append(params["request"]["url"])
            case "Log.entryAdded":
                self.complaints.append(params["entry"]["text"])
            case "Runtime.exceptionThrown":
                self.complaints.append(str(params["exceptionDetails"]))
        return heard


@contextmanager
def browser() -> Iterator[Page]:
    """Start a browser of its own with one page, and end it."""
    assert CHROMIUM, NO_CHROMIUM
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = subprocess.Popen(
            [CHROMIUM, *_OPTIONS, f"--user-data-dir={profile}", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            with connect(_address(process), max_size=None, proxy=None) as connection:
                yield _page(connection)
        finally:
            process.terminate()
            process.communicate()


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith(_ANNOUNCES):
            return line.removeprefix(_ANNOUNCES).strip()
    pytest_told = "the browser ended before it listened"
    raise AssertionError(pytest_told)


def _page(connection: ClientConnection) -> Page:
    outside = Page(connection, "")
    targets = _ask(connection, 1, "Target.getTargets")["targetInfos"]
    target = next(one["targetId"] for one in targets if one["type"] == "page")
    outside.session = _ask(connection, 2, "Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
    outside.number = 2
    return outside


def _ask(connection: ClientConnection, number: int, method: str, **params: Any) -> Said:
    connection.send(json.dumps({"id": number, "method": method, "params": params}))
    while True:
        heard: Said = json.loads(connection.recv(timeout=_LONGEST_S))
        if heard.get("id") == number:
            result: Said = heard["result"]
            return result
