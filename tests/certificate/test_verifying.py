"""What does not hold: envelopes of another make, lies signed by the right key, files that were cut off or grew."""

import json
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.certificate.desk import (
    BUNDLE,
    CERTIFICATE,
    envelope_of,
    seal,
    spelled,
    statement_of,
    told_in_two_lines,
    verify,
)


@pytest.mark.parametrize("name", [CERTIFICATE, BUNDLE])
@pytest.mark.parametrize("where", [0.0, 0.5, 1.0])
def test_a_changed_byte_is_told_in_one_line(place: Path, name: str, where: float) -> None:
    file = place / "run" / name
    data = bytearray(file.read_bytes())
    data[round(where * (len(data) - 1))] ^= 1
    file.write_bytes(data)
    told = verify(place)
    assert told.code == 1
    told_in_two_lines(told)


@pytest.mark.parametrize("name", [CERTIFICATE, BUNDLE])
@pytest.mark.parametrize(
    "change",
    [
        lambda data: data[:-1],
        lambda data: data[: len(data) // 2],
        lambda _: b"",
        lambda data: data + b"\n",
        lambda data: data + b"\0",
        lambda data: b" " + data,
        lambda data: data + data,
    ],
)
def test_what_is_cut_off_or_grown_is_refused(place: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    file = place / "run" / name
    file.write_bytes(change(file.read_bytes()))
    told = verify(place)
    assert told.code == 1
    told_in_two_lines(told)


def _spelled_otherwise(envelope: dict[str, Any]) -> str:
    return json.dumps(envelope, indent=1) + "\n"


def _with_a_key_twice(envelope: dict[str, Any]) -> str:
    return '{"payload":"",' + json.dumps(envelope, sort_keys=True, separators=(",", ":"))[1:] + "\n"


def _compact(envelope: dict[str, Any]) -> str:
    return json.dumps(envelope, sort_keys=True, separators=(",", ":")) + "\n"


def _with_malleable_base64(envelope: dict[str, Any]) -> str:
    sig = envelope["signatures"][0]["sig"]
    assert sig.endswith("==")
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    other = letters[letters.index(sig[-3]) ^ 1]
    assert b64decode(sig[:-3] + other + "==") == b64decode(sig)
    envelope["signatures"][0]["sig"] = sig[:-3] + other + "=="
    return _compact(envelope)


def _with_broken_lines(envelope: dict[str, Any]) -> str:
    return _compact(envelope | {"payload": envelope["payload"][:76] + "\n" + envelope["payload"][76:]})


def _unsigned(envelope: dict[str, Any]) -> str:
    return _compact(envelope | {"signatures": []})


def _signed_twice(envelope: dict[str, Any]) -> str:
    return _compact(envelope | {"signatures": envelope["signatures"] * 2})


def _of_another_type(envelope: dict[str, Any]) -> str:
    return _compact(envelope | {"payloadType": "application/json"})


def _with_more(envelope: dict[str, Any]) -> str:
    return _compact(envelope | {"comment": "trust me"})


def _signature_with_more(envelope: dict[str, Any]) -> str:
    return _compact(envelope | {"signatures": [envelope["signatures"][0] | {"cert": ""}]})


def _with_a_short_signature(envelope: dict[str, Any]) -> str:
    return _compact(envelope | {"signatures": [envelope["signatures"][0] | {"sig": "AAAA"}]})


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (_spelled_otherwise, "is spelled in another way"),
        (_with_a_key_twice, "is spelled in another way"),
        (_with_malleable_base64, "is cut off, or was changed"),
        (_with_broken_lines, "is cut off, or was changed"),
        (_unsigned, "the certificate is not signed"),
        (_signed_twice, "has another signature"),
        (_of_another_type, "the envelope holds something else"),
        (_with_more, "it is no signed envelope"),
        (_signature_with_more, "has another signature"),
        (_with_a_short_signature, "is cut off, or was changed"),
        (lambda _: "[]\n", "is no JSON object"),
        (lambda _: "{}\n", "it is no signed envelope"),
        (lambda _: "NaN\n", "is no JSON"),
        (lambda _: "[" * 100_000 + "\n", "is no JSON"),
        (lambda _: '{"format":"preflight-run/1"}\n', "it is no signed envelope"),
    ],
)
def test_an_envelope_of_another_make_is_refused(place: Path, make: Callable[[dict[str, Any]], str], what: str) -> None:
    (place / "run" / CERTIFICATE).write_text(make(envelope_of(place)), encoding="utf-8")
    told = verify(place)
    assert what in told_in_two_lines(told)
    assert told.code == 1


def _other_predicate(statement: dict[str, Any]) -> bytes:
    return spelled(statement | {"predicateType": "https://slsa.dev/provenance/v1"})


def _more_in_it(statement: dict[str, Any]) -> bytes:
    return spelled(statement | {"comment": "trust me"})


def _spaced(statement: dict[str, Any]) -> bytes:
    return json.dumps(statement, sort_keys=True).encode()


def _one_claim_more(statement: dict[str, Any]) -> bytes:
    passed = [*statement["predicate"]["passedTests"], "GET rooms.get#route"]
    return spelled(statement | {"predicate": statement["predicate"] | {"passedTests": passed}})


def _one_claim_less(statement: dict[str, Any]) -> bytes:
    passed = statement["predicate"]["passedTests"][1:]
    return spelled(statement | {"predicate": statement["predicate"] | {"passedTests": passed}})


def _better_result(statement: dict[str, Any]) -> bytes:
    return spelled(statement | {"predicate": statement["predicate"] | {"warnedTests": []}})


def _other_target(statement: dict[str, Any]) -> bytes:
    return spelled(statement | {"subject": [statement["subject"][0] | {"uri": "https://chat.example.org"}]})


def _bundle_elsewhere(statement: dict[str, Any]) -> bytes:
    own = statement["predicate"]["tag:preflight,2026:certificate/1"] | {"bundle": "../key.pub"}
    predicate = statement["predicate"] | {"tag:preflight,2026:certificate/1": own}
    return spelled(statement | {"predicate": predicate})


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (_other_predicate, "the statement is none of Preflight"),
        (_more_in_it, "the statement is of another form"),
        (_spaced, "the statement is spelled in another way"),
        (_one_claim_more, "the statement says other than the evidence"),
        (_one_claim_less, "the statement says other than the evidence"),
        (_better_result, "the statement contradicts itself"),
        (_other_target, "the statement says other than the evidence"),
        (_bundle_elsewhere, "the statement is of another form"),
        (lambda _: b"{}", "the statement is none of Preflight"),
        (lambda _: b"not json", "the statement is no JSON"),
    ],
)
def test_the_right_key_signs_no_lie_unnoticed(place: Path, make: Callable[[dict[str, Any]], bytes], what: str) -> None:
    seal(place, make(statement_of(place)))
    told = verify(place)
    assert what in told_in_two_lines(told)
    assert told.code == 1
