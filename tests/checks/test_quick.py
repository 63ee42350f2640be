import pytest

from preflight.catalog.catalog import load_catalog
from preflight.checks.quick import fits
from preflight.model.json import Json
from preflight.model.release import Release
from tests.checks.miniature import CONTRACT, GOOD, evidence, findings

SCHEMA = CONTRACT.responses[200].schema or {}


@pytest.mark.parametrize(
    "body",
    [
        GOOD,
        {"success": True},
        {"success": True, "message": {"_id": 17}},
        {"success": True, "message": {"_id": "m", "ts": "2026-01-02"}},
        {"success": True, "message": {"_id": "m", "ts": "2026-01-02T03:04:05.678Z"}},
        {"success": True, "message": {"_id": "m", "urls": [{}]}},
        {"success": False, "message": {"_id": "m"}},
    ],
)
def test_what_fits_is_what_the_checks_find_nothing_in(body: Json) -> None:
    found = [*findings("field.type", evidence(200, body)), *findings("field.required", evidence(200, body))]
    assert fits(SCHEMA, body) == (not found)


@pytest.mark.parametrize("release", ["6.14", "8.0", "8.8"])
def test_every_schema_of_the_contracts_can_be_read(release: str) -> None:
    for contract in load_catalog(Release.parse(release)).contracts.values():
        for response in contract.responses.values():
            if response.schema is not None:
                assert not fits(response.schema, 17)
