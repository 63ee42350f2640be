"""Peers from npm: Dredd, Prism as a validating proxy, and Portman with newman."""

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen
from xml.etree import ElementTree as ET

from benchmarks.peers.peer import HOST, NotRunError, Place, free_port, plain, told
from preflight.mock.rooms import GENERAL
from preflight.plugin.playing import every_suite, play
from preflight.session.session import Plan, open_session
from preflight.settings import Account

_START_S = 60.0


class NodePeer:
    """A tool with a command in ``node_modules/.bin``."""

    name = ""
    package = ""
    honest_runs = 1

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def version(self) -> str:
        """Give the version of the package that is installed; raises NotRunError where it is not there."""
        if self._folder is None:
            raise NotRunError("no folder with its node_modules was given")
        file = self._folder / "node_modules" / self.package / "package.json"
        if not file.exists():
            raise NotRunError(f"{self.package} is not installed in the folder that was given")
        return str(json.loads(file.read_text(encoding="utf-8"))["version"])

    def binary(self, command: str) -> str:
        """Give the path of a command."""
        self.version()
        assert self._folder is not None  # noqa: S101 (version has seen to it)
        return str((self._folder / "node_modules" / ".bin" / command).resolve())


class Dredd(NodePeer):
    """``dredd CONTRACT URL``: sends the examples of the contract, or what it makes up of the schemas.

    It wants an example for each required parameter, and gets one: of rooms the one that every workspace has.
    """

    name = "Dredd"
    package = "dredd"

    def failures(self, place: Place) -> frozenset[str]:
        """Send one request for each documented answer, and compare."""
        headers = [word for name, value in place.headers.items() for word in ("-h", f"{name}: {value}")]
        contract = place.folder / "with-examples.json"
        contract.write_text(json.dumps(_with_examples(json.loads(place.contract.read_text(encoding="utf-8")))))
        words = [self.binary("dredd"), str(contract), place.url, *headers, "-r", "xunit", "-o", "report.xml"]
        said = told(words, place.folder)
        report = place.folder / "report.xml"
        if not report.exists():
            raise NotRunError(said.strip()[-400:])
        suite = ET.parse(report).getroot()  # noqa: S314 (written by the tool just now)
        return frozenset(plain(line) for case in suite.iter("testcase") for line in _complaints(case))


def _with_examples(value: Any) -> Any:
    if isinstance(value, list):
        return [_with_examples(each) for each in value]
    if not isinstance(value, dict):
        return value
    filled = {key: _with_examples(each) for key, each in value.items()}
    is_parameter = {"name", "in", "schema"} <= set(value) and value["in"] == "query" and value.get("required")
    return {**filled, "example": _example(value["name"], value["schema"])} if is_parameter else filled


def _example(name: str, schema: dict[str, Any]) -> Any:
    if name in {"roomId", "rid"}:
        return GENERAL
    if schema.get("format") == "date-time":
        return "2026-01-01T00:00:00.000Z"
    return {"integer": 1, "number": 1, "boolean": True}.get(str(schema.get("type")), "word")


def _complaints(case: ET.Element) -> Iterator[str]:
    for failure in (*case.iter("failure"), *case.iter("error")):
        message = (failure.text or "").partition("Message:")[2].strip().partition("\n\n")[0]
        for line in message.splitlines() or [""]:
            yield f"{case.get('name')}: {line}"


class Prism(NodePeer):
    """``prism proxy CONTRACT URL``: says what of the traffic of suites/rest violates the contract."""

    name = "Prism proxy"
    package = "@stoplight/prism-cli"

    def failures(self, place: Place) -> frozenset[str]:
        """Let Preflight ask through the proxy, and gather what the proxy says of the answers."""
        with self._proxy(place) as url:
            account = Account(user=place.user, password=place.password)
            session = open_session(Plan(target=url, account=account, only=(place.field.operation,)))
            try:
                play(session, [suite for suite in every_suite() if suite.file.parent.name == "rest"])
            finally:
                run = session.close()
        found = set()
        for exchange in run.exchanges.values():
            for violation in json.loads(exchange.response.header("sl-violations") or "[]"):
                if violation["location"][:1] == ["response"]:
                    path = exchange.request.url.partition("/api/v1/")[2].partition("?")[0]
                    where = "/".join(map(str, violation["location"]))
                    found.add(plain(f"{exchange.request.method} {path} {where}: {violation['message']}"))
        return frozenset(found)

    @contextmanager
    def _proxy(self, place: Place) -> Iterator[str]:
        port = free_port()
        words = [self.binary("prism"), "proxy", str(place.contract), place.url, "-p", str(port), "-h", HOST]
        with subprocess.Popen(  # noqa: S603 (the tool)
            words, cwd=place.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            try:
                url = f"http://{HOST}:{port}"
                _await(url, process)
                yield url
            finally:
                process.kill()


def _await(url: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _START_S
    while time.monotonic() < end and process.poll() is None:
        try:
            with urlopen(f"{url}/api/info", timeout=5):  # noqa: S310 (an address of this machine)
                return
        except OSError:
            time.sleep(0.1)
    raise NotRunError("it did not start")


class Portman(NodePeer):
    """Portman makes a Postman collection with contract tests, and newman runs it."""

    name = "Portman and newman"
    package = "@apideck/portman"

    def __init__(self, folder: Path | None) -> None:
        super().__init__(folder)
        self._collections: dict[str, Any] = {}

    def failures(self, place: Place) -> frozenset[str]:
        """Run the collection, which is made once for a contract: what it makes up differs from time to time."""
        text = place.contract.read_text(encoding="utf-8")
        if text not in self._collections:
            self._collections[text] = self._collection(place)
        collection = place.folder / "filled.json"
        collection.write_text(json.dumps(_logged_in(self._collections[text], place.headers)), encoding="utf-8")
        words = [self.binary("newman"), "run", collection.name, "--env-var", f"baseUrl={place.url}"]
        said = told([*words, "--reporters", "json", "--reporter-json-export", "report.json"], place.folder)
        report = place.folder / "report.json"
        if not report.exists():
            raise NotRunError(said.strip()[-400:])
        run = json.loads(report.read_text(encoding="utf-8"))["run"]
        return frozenset(
            plain(f"{each['item']['name']}: {told_of['assertion']}: {told_of['error'].get('message', '')}")
            for each in run["executions"]
            for told_of in each.get("assertions", ())
            if "error" in told_of
        )

    def _collection(self, place: Place) -> Any:
        words = [self.binary("portman"), "-l", str(place.contract), "-b", place.url, "-o", "collection.json"]
        said = told(words, place.folder)
        made = place.folder / "collection.json"
        if not made.exists():
            raise NotRunError(said.strip()[-400:])
        return json.loads(made.read_text(encoding="utf-8"))


def _logged_in(value: Any, headers: dict[str, str]) -> Any:
    """Put the login headers in place of those that were made up."""
    if isinstance(value, list):
        return [_logged_in(each, headers) for each in value]
    if not isinstance(value, dict):
        return value
    if value.get("key") in headers and "value" in value:
        return {**value, "value": headers[value["key"]]}
    # The key in the collection's own security scheme would replace the header.
    return {key: _logged_in(each, headers) for key, each in value.items() if key != "auth"}
