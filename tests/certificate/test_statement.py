"""The statement: spelled as in-toto asks, and read back from nothing else."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from preflight import paths
from preflight.certificate.canonical import read_object, spell
from preflight.certificate.statement import Statement, from_json, to_json
from preflight.errors import CertificateError
from preflight.model.claim import ClaimId, ClaimKind
from tests.certificate.sample import STATEMENT
from tests.model.strategies import OPERATION_KEYS

SCHEMA = json.loads((paths.REPORT_SCHEMAS / "certificate.schema.json").read_text(encoding="utf-8"))
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
IDS = st.builds(ClaimId, operation=OPERATION_KEYS, kind=st.sampled_from(ClaimKind), subject=TEXTS)


@given(st.sets(IDS, min_size=1, max_size=5), st.dictionaries(IDS, TEXTS, max_size=3), TEXTS)
def test_a_statement_is_read_as_it_was_spelled(passed: set[ClaimId], remarks: dict[ClaimId, str], seed: str) -> None:
    made = replace(STATEMENT, passed=tuple(sorted(passed)), remarks=remarks, seed=seed)
    assert from_json(read_object(spell(to_json(made)), "it")) == made


def test_the_schema_itself_is_sound_and_accepts_the_sample() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    Draft202012Validator(SCHEMA).validate(to_json(STATEMENT))


def test_half_a_character_in_a_reason_is_told_by_its_code() -> None:
    claim = next(iter(STATEMENT.remarks))
    made = to_json(replace(STATEMENT, remarks={claim: "answered \ud800"}))
    assert b"answered \\\\ud800" in spell(made)
    assert from_json(made).remarks == {claim: "answered \\ud800"}


def test_remarks_make_a_warning() -> None:
    assert STATEMENT.result == "WARNED"
    assert replace(STATEMENT, remarks={}).result == "PASSED"


@pytest.mark.parametrize(
    "spoiled",
    [
        replace(STATEMENT, passed=()),
        replace(STATEMENT, bundle="../bundle.zip"),
        replace(STATEMENT, bundle=".hidden"),
        replace(STATEMENT, bundle_digest="B" * 64),
        replace(STATEMENT, profile="Messaging"),
        replace(STATEMENT, target=replace(STATEMENT.target, alias="")),
        replace(STATEMENT, target=replace(STATEMENT.target, alias="two\nlines")),
        replace(STATEMENT, basis=replace(STATEMENT.basis, preflight="")),
        replace(STATEMENT, basis=replace(STATEMENT.basis, contracts="")),
    ],
)
def test_what_cannot_stand_in_a_statement_is_refused(spoiled: Statement) -> None:
    with pytest.raises(CertificateError, match="of another form"):
        from_json(to_json(spoiled))
