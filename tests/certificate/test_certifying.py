"""What is not certified: runs that fall short, keys that do not serve, wishes that cannot be met."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from tests.certificate.desk import PROFILE, certify, change_run, files_in, told_in_two_lines


def _interrupted(run: dict[str, Any]) -> None:
    run["interrupted"] = True


def _not_exercised(run: dict[str, Any]) -> None:
    run["operations"]["POST autotranslate.translateMessage"] |= {"exercised": False, "verdict": "inconclusive"}


def _not_judged(run: dict[str, Any]) -> None:
    name = "POST autotranslate.translateMessage#route"
    (claim,) = (one for one in run["claims"]["results"] if one["id"] == name)
    claim |= {"verdict": "inconclusive", "judged_by": [], "reason": "the limiter refused the request"}
    run["claims"] |= {"judged": run["claims"]["judged"] - 1, "not_judged": run["claims"]["not_judged"] + 1}
    for outcome in run["outcomes"]:
        if outcome["claim"] == name:
            outcome |= {"verdict": "inconclusive", "reason": "the limiter refused the request"}


def _played_in_part(run: dict[str, Any]) -> None:
    run["cases"] = [case for case in run["cases"] if case["suite"] != "refusals"]


def _beautified(run: dict[str, Any]) -> None:
    for outcome in run["outcomes"]:
        if outcome["claim"].endswith("translateMessage#route"):
            outcome["verdict"] = "fail"


def _of_other_contracts(run: dict[str, Any]) -> None:
    run["environment"]["contracts"] = "0" * 64


def _of_another_version(run: dict[str, Any]) -> None:
    run["environment"]["preflight"] = "0.0.1"


def _read_leniently(run: dict[str, Any]) -> None:
    run["environment"]["strictness"] = "envelope"


def _of_a_release_long_gone(run: dict[str, Any]) -> None:
    run["release"] = "5.0"


def _in_part(run: dict[str, Any]) -> None:
    run["environment"]["shard"] = "1/2"


def _only_reading(run: dict[str, Any]) -> None:
    run["environment"]["mode"] = "read-only"


def _old(run: dict[str, Any]) -> None:
    run["started"] = "2024-01-01T00:00:00.000Z"


@pytest.mark.parametrize(
    ("change", "code", "what"),
    [
        (_interrupted, 3, "the run was interrupted"),
        (_not_exercised, 3, "an operation never answered with success: POST autotranslate.translateMessage"),
        (_not_judged, 3, "a required promise could not be judged: POST autotranslate.translateMessage#route"),
        (_played_in_part, 3, "cases were left out, so the run was filtered"),
        (_beautified, 3, "the run contradicts itself about a promise: POST autotranslate.translateMessage#route"),
        (_of_other_contracts, 3, "the run was judged by other contracts than those of this Preflight"),
        (_of_another_version, 3, "the run was made by Preflight 0.0.1"),
        (_read_leniently, 3, "answers were not read as strictly as the profile auto-translate asks"),
        (_of_a_release_long_gone, 3, "the profile auto-translate says nothing about release 5.0, only about >=6.14"),
        (_in_part, 3, "the run is one part of several, which preflight merge joins: 1/2"),
        (_only_reading, 3, "the run only read"),
        (_old, 3, "a certificate of it would have expired on 2024-03-31"),
    ],
)
def test_a_run_that_does_not_bear_a_certificate_is_refused(
    place: Path, change: Callable[[dict[str, Any]], None], code: int, what: str
) -> None:
    change_run(place, change)
    before = files_in(place)
    told = certify(place, *(("--requirements", "0.1.0") if change is _of_another_version else ()))
    assert what in told_in_two_lines(told)
    assert told.code == code
    assert files_in(place) == before


def test_a_profile_that_the_run_is_not_about_is_refused(place: Path) -> None:
    told = certify(place, profile="messaging")
    assert told.code == 3
    assert "a required promise is not in this run: POST chat.delete#authentication" in told_in_two_lines(told)


@pytest.mark.parametrize(
    ("words", "profile", "what"),
    [
        ((), "mesaging", "unknown profile 'mesaging'"),
        (("--requirements", "9.9"), PROFILE, "there are no requirement sets of version '9.9'"),
        (("--requirements", "../.."), PROFILE, "there are no requirement sets of version '../..'"),
        (("--alias", "two\nlines"), PROFILE, "cannot stand in a certificate as the name of a target"),
        (("--alias", "turned \u202eround"), PROFILE, "cannot stand in a certificate as the name of a target"),
        (("--alias", "x" * 81), PROFILE, "cannot stand in a certificate as the name of a target"),
    ],
)
def test_what_cannot_be_asked_for_is_wrong_usage(place: Path, words: tuple[str, ...], profile: str, what: str) -> None:
    told = certify(place, *words, profile=profile)
    assert told.code == 2
    assert what in told_in_two_lines(told)


def _rsa(folder: Path) -> None:
    key = generate_private_key(65537, 2048)
    (folder / "bad").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def _protected(folder: Path) -> None:
    key = Ed25519PrivateKey.generate()
    (folder / "bad").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x")))


def _cut_off(folder: Path) -> None:
    (folder / "bad").write_bytes((folder / "key.pem").read_bytes()[:60])


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (_rsa, "holds a key of another kind than Ed25519"),
        (_protected, "is protected by a passphrase"),
        (_cut_off, "holds no private key"),
        (lambda folder: shutil.copy(folder / "key.pub", folder / "bad"), "holds a public key, which cannot sign"),
        (lambda folder: (folder / "bad").mkdir(), "cannot be read: Is a directory"),
        (lambda _: None, "cannot be read: No such file or directory"),
    ],
)
def test_what_is_no_signing_key_is_refused(place: Path, make: Callable[[Path], None], what: str) -> None:
    make(place)
    before = files_in(place)
    told = certify(place, "--key", "bad")
    assert told.code == 2
    assert what in told_in_two_lines(told)
    assert files_in(place) == before
