"""How the time for generated requests grows with the number of operations: it ought to grow as they do, and no faster.

``python -m benchmarks.growth`` derives contracts from the documentation that ``PREFLIGHT_REFERENCE`` names (else from a
document that it makes up), generates requests as a standard run does, sends them to a server that says yes to all,
and judges every answer. What counts are the ratios: each size is measured in the same process, right after the others.
"""

import json
import os
import resource
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from time import perf_counter

from preflight import paths
from preflight.catalog.catalog import Catalog, load_catalog
from preflight.catalog.contract import Contract, Place
from preflight.derive.derivation import derive, write
from preflight.model.json import Json, JsonObject, as_list, as_object
from preflight.model.release import Release
from preflight.probes.names import Name, Names
from preflight.probes.probe import Parameters, Probe
from preflight.session.audit import Audit
from preflight.session.causes import Causes
from preflight.session.groups import GROUPS, Material
from preflight.session.stage import query_of
from preflight.settings import Depth
from preflight.wire.redaction import Redactor
from preflight.wire.rest import Ask, RestClient

SIZES = (50, 150, 300)
MADE_UP = 593
RELEASE = Release(8, 8)
SEED = 1
MEGABYTE = 1024


class Yes(BaseHTTPRequestHandler):
    """Says yes to everything."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def answer(self) -> None:
        """Read the request and say yes."""
        self.rfile.read(int(self.headers.get("content-length") or 0))
        body = b'{"success":true}'
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = answer  # noqa: N815 (the names that http.server looks for)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name that http.server gives it)
        """Say nothing."""


@contextmanager
def served() -> Iterator[str]:
    """Serve yes on a free port, and give its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Yes)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


def documents(folder: Path) -> list[Path]:
    """Give the OpenAPI documents to derive from: those of the documentation, or one that is made up."""
    reference = os.environ.get("PREFLIGHT_REFERENCE")
    found = sorted((Path(reference) / "docs/openapi/2026-08").glob("*.yaml")) if reference else []
    if found:
        return found
    made = folder / "made-up.json"
    made.write_text(json.dumps(made_up(MADE_UP)), encoding="utf-8")
    return [made]


def made_up(count: int) -> JsonObject:
    """Make a document of so many operations, every other of them with a body."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "made up", "version": "1"},
        "paths": {f"/api/v1/things.act{number}": _operation(number) for number in range(count)},
    }


def _operation(number: int) -> JsonObject:
    text: JsonObject = {"type": "string"}
    whole: JsonObject = {"type": "integer"}
    answer: JsonObject = {
        "200": {"description": "yes", "content": {"application/json": {"schema": {"type": "object"}}}}
    }
    if number % 2:
        schema: JsonObject = {
            "type": "object",
            "required": ["roomId"],
            "properties": {"roomId": text, "text": text, "size": whole},
        }
        return {"post": {"requestBody": {"content": {"application/json": {"schema": schema}}}, "responses": answer}}
    parameters: list[Json] = [
        {"name": name, "in": "query", "required": name == "roomId", "schema": whole if name == "count" else text}
        for name in ("roomId", "text", "count")
    ]
    return {"get": {"parameters": parameters, "responses": answer}}


def catalog_of(folder: Path) -> Catalog:
    """Derive contracts into a folder and read them."""
    root = folder / "contracts"
    write(derive(documents(folder)), root)
    shutil.copytree(paths.CONTRACTS / "schemas", root / "schemas")
    (root / "cast.yaml").write_text("people: {alice: {name: Alice}}\nthings: {}\n", encoding="utf-8")
    shutil.rmtree(root / "realtime", ignore_errors=True)
    return load_catalog(RELEASE, root=root)


def base_of(contract: Contract) -> Parameters:
    """Make a request of what is required, each with a value of its type."""
    query = {
        parameter.name: _value(parameter.schema)
        for parameter in contract.parameters
        if parameter.place is Place.QUERY and parameter.required
    }
    if contract.body is None or contract.body.media_type != "application/json":
        return Parameters(query=query)
    return Parameters(query=query, body=_value(contract.body.schema), has_body=True)


def _value(schema: JsonObject) -> Json:
    for branch in (*as_list(schema.get("oneOf")), *as_list(schema.get("anyOf"))):
        return _value(as_object(branch))
    kind = schema.get("type")
    if kind == "object" or "properties" in schema:
        properties = as_object(schema.get("properties"))
        return {name: _value(as_object(properties.get(name))) for name in map(str, as_list(schema.get("required")))}
    if kind == "array":
        return []
    return {"boolean": True, "integer": 1, "number": 1}.get(str(kind), "a text of some length")


def probes_of(contract: Contract) -> Iterator[Probe]:
    """Generate requests as a standard run does."""
    names = Names(known={"roomId": Name(values=("ourroom",), unknown="noroom")})
    for name, group in GROUPS.items():
        most = group.most[Depth.STANDARD]
        material = Material(
            contract=contract,
            base=base_of(contract),
            names=names,
            seed=SEED,
            most=most,
            writes=contract.key.method != "GET",
            linked=lambda: iter(()),
        )
        if name != "links":
            yield from group.probes(material)


def played(contracts: Sequence[Contract], client: RestClient) -> tuple[float, int]:
    """Generate, send and judge; gives seconds and requests."""
    started, sent = perf_counter(), client.requests_sent
    for contract in contracts:
        for probe in probes_of(contract):
            parameters = probe.parameters
            ask = Ask(
                actor="alice",
                purpose=probe.title,
                method=contract.key.method,
                path=contract.path,
                query=query_of(parameters.query),
                body=parameters.body,
                has_body=parameters.has_body,
            )
            client.send(ask)
    return perf_counter() - started, client.requests_sent - sent


def main() -> None:
    """Measure each size and print the ratios."""
    with tempfile.TemporaryDirectory() as folder, served() as url:
        catalog = catalog_of(Path(folder))
        contracts = [contract for contract in catalog.contracts.values() if contract.key.method != "ddp"]
        client = RestClient(url, Redactor())
        client.listener = Audit(catalog, catalog.claims, Causes()).hear
        played(contracts[:5], client)  # whatever is done once only is done now
        print(f"{len(contracts)} operations")
        first = 0.0
        for size in (*(size for size in SIZES if size < len(contracts)), len(contracts)):
            # Operations differ much: each size takes its share from all over the document.
            step = len(contracts) / size
            chosen = [contracts[int(index * step)] for index in range(size)]
            seconds, requests = played(chosen, client)
            each = seconds / size
            first = first or each
            print(
                f"{size:>4} operations  {requests:>6} requests  {seconds:6.1f} s  "
                f"{1000 * each:6.1f} ms each, {each / first:.2f} times that of the first size"
            )
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE
        print(f"memory of the process at most {memory:.0f} MB")
        client.close()


if __name__ == "__main__":
    main()
