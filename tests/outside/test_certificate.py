"""Certificates from outside: made, verified, refused, and every changed byte noticed."""

import json
import os
import random
import shutil
import stat
import subprocess
import sys
from base64 import b64decode
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from jsonschema import Draft202012Validator

from preflight import paths
from preflight.cli import preflight as command
from preflight.errors import CertificateError
from tests.certificate.desk import (
    BUNDLE,
    CERTIFICATE,
    PROFILE,
    envelope_of,
    files_in,
    pae,
    statement_of,
    told_in_two_lines,
)
from tests.outside.console import Told, preflight

CHANGES = 1000
SEED = 20261127


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a run of the profile, a key pair, and a certificate of the run."""
    folder = tmp_path_factory.mktemp("certified")
    told = preflight("run", "--profile", PROFILE, "--out", "runs", folder=folder)
    assert told.code == 0, told.out + told.err
    assert preflight("keygen", "key.pem", folder=folder).code == 0
    next((folder / "runs").iterdir()).rename(folder / "run")
    told = preflight("certify", "run", "--profile", PROFILE, "--key", "key.pem", folder=folder)
    assert told.code == 0, told.out + told.err
    return folder


@pytest.fixture
def place(runs: Path, tmp_path: Path) -> Path:
    """The same, to change something in."""
    shutil.copytree(runs, tmp_path / "place")
    return tmp_path / "place"


def verify(folder: Path, *words: str) -> Told:
    return preflight("verify", f"run/{CERTIFICATE}", "--pubkey", "key.pub", *words, folder=folder)


def certify(folder: Path, *words: str, run: str = "run", profile: str = PROFILE) -> Told:
    words = words if "--key" in words else (*words, "--key", "key.pem")
    return preflight("certify", run, "--profile", profile, "--out", "new.certificate.json", *words, folder=folder)


# -- what is made ----------------------------------------------------------------------------------------------------


def test_a_certificate_is_verified_and_says_what_it_certifies(runs: Path) -> None:
    told = verify(runs)
    assert told.code == 0, told.err
    assert told.out.startswith("✓ VALID  mock: the mock workspace 8.0 keeps the profile auto-translate")
    for words in ("MOCK WORKSPACE", "release       8.0", "valid until", "signed by     key ", "What is not certified"):
        assert words in told.out
    assert "route 3, method 3, authentication 3" in told.out
    assert "is intact" in told.out


def test_the_statement_obeys_its_schema_and_in_toto(runs: Path) -> None:
    statement = statement_of(runs)
    schema = json.loads((paths.REPORT_SCHEMAS / "certificate.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(statement)
    assert statement["_type"] == "https://in-toto.io/Statement/v1"
    assert statement["predicateType"] == "https://in-toto.io/attestation/test-result/v0.1"
    assert envelope_of(runs)["payloadType"] == "application/vnd.in-toto+json"
    assert statement["predicate"]["result"] in {"PASSED", "WARNED"}
    assert statement["predicate"]["failedTests"] == []


def test_the_claims_of_the_statement_are_those_of_the_run(runs: Path) -> None:
    results = json.loads((runs / "run" / "run.json").read_bytes())["claims"]["results"]
    predicate = statement_of(runs)["predicate"]
    assert set(predicate["passedTests"]) == {one["id"] for one in results if one["verdict"] == "pass"}
    assert set(predicate["warnedTests"]) == {one["id"] for one in results if one["verdict"] != "pass"}


def test_the_signature_is_what_dsse_asks_for(runs: Path) -> None:
    envelope = envelope_of(runs)
    key = load_pem_public_key((runs / "key.pub").read_bytes())
    assert isinstance(key, Ed25519PublicKey)
    key.verify(
        b64decode(envelope["signatures"][0]["sig"]), pae(b64decode(envelope["payload"]), envelope["payloadType"])
    )


def test_both_commands_tell_programs_the_same(place: Path) -> None:
    made = json.loads(certify(place, "--json", "--alias", "Møller & søn <chat>").out)
    told = preflight("verify", made["certificate"], "--pubkey", "key.pub", "--json", folder=place)
    verified = json.loads(told.out)
    assert verified["valid"] is True
    assert verified["statement"] == made["statement"]
    assert verified["key_id"] == made["key_id"]
    assert made["statement"]["subject"][0]["name"] == "Møller & søn <chat>"
    assert sum(verified["claims"].values()) == len(made["statement"]["predicate"]["passedTests"])


def test_a_run_of_the_whole_in_two_shards_certifies_each_of_its_parts(tmp_path: Path, runs: Path) -> None:
    shutil.copy(runs / "key.pem", tmp_path)
    for part in ("1/2", "2/2"):
        told = preflight("run", "--shard", part, "--out", "parts", folder=tmp_path)
        assert told.code == 0, told.out
    parts = sorted(str(path) for path in (tmp_path / "parts").iterdir())
    told = preflight("certify", parts[0], "--profile", "rooms", "--key", "key.pem", folder=tmp_path)
    assert told.code == 3
    assert "the run is one part of several" in told_in_two_lines(told)
    assert preflight("merge", *parts, "--out", "whole", folder=tmp_path).code == 0
    (run,) = (tmp_path / "whole").iterdir()
    for profile in ("realtime", "full"):
        told = preflight("certify", str(run), "--profile", profile, "--key", "key.pem", folder=tmp_path)
        assert told.code == 0, told.err
        told = preflight(
            "verify", str(run / f"{profile}.certificate.json"), "--pubkey", str(runs / "key.pub"), folder=tmp_path
        )
        assert told.code == 0, told.err


def test_the_same_run_gives_the_same_bundle(place: Path) -> None:
    assert certify(place).code == 0
    assert (place / "new.evidence.zip").read_bytes() == (place / "run" / BUNDLE).read_bytes()


def test_a_badge_is_made_of_a_certificate_that_holds(place: Path) -> None:
    assert verify(place, "--badge", "badge.svg").code == 0
    badge = ET.parse(place / "badge.svg").getroot()  # noqa: S314 (written by the line above)
    title = badge.find("{http://www.w3.org/2000/svg}title")
    assert title is not None
    assert title.text == badge.get("aria-label")
    assert "keeps the profile auto-translate" in str(title.text)
    text = (place / "badge.svg").read_text(encoding="utf-8")
    assert "url(" not in text
    assert text.count("http") == 1
    assert "is there already" in told_in_two_lines(verify(place, "--badge", "badge.svg"))


def test_no_badge_is_made_of_one_that_does_not(place: Path) -> None:
    assert verify(place, "--badge", "badge.svg", "--at", "2099-01-01").code == 1
    assert not (place / "badge.svg").exists()


def test_the_statement_can_be_verified_alone_and_says_so(place: Path) -> None:
    (place / "run" / BUNDLE).unlink()
    assert "cannot be read" in told_in_two_lines(verify(place))
    told = verify(place, "--no-bundle")
    assert told.code == 0
    assert "not looked at" in told.out


# -- keys ------------------------------------------------------------------------------------------------------------


def test_a_new_key_is_its_owners_alone_and_overwrites_nothing(tmp_path: Path) -> None:
    assert preflight("keygen", "k.pem", folder=tmp_path).code == 0
    assert stat.S_IMODE((tmp_path / "k.pem").stat().st_mode) == 0o600
    before = files_in(tmp_path)
    assert "is there already" in told_in_two_lines(preflight("keygen", "k.pem", folder=tmp_path))
    (tmp_path / "k.pem").unlink()
    assert "k.pub is there already" in told_in_two_lines(preflight("keygen", "k.pem", folder=tmp_path))
    assert files_in(tmp_path) == {tmp_path / "k.pub": before[tmp_path / "k.pub"]}


def test_a_key_is_not_written_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "k.pem").symlink_to(tmp_path / "elsewhere")
    assert preflight("keygen", "k.pem", folder=tmp_path).code == 2
    assert not (tmp_path / "elsewhere").exists()
    assert not (tmp_path / "k.pub").exists()


def test_a_private_key_does_not_verify(runs: Path) -> None:
    told = preflight("verify", f"run/{CERTIFICATE}", "--pubkey", "key.pem", folder=runs)
    assert told.code == 2
    assert "holds a private key" in told_in_two_lines(told)


def test_a_public_key_of_another_kind_does_not_verify(place: Path) -> None:
    key = generate_private_key(65537, 2048).public_key()
    (place / "rsa.pub").write_bytes(key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    told = preflight("verify", f"run/{CERTIFICATE}", "--pubkey", "rsa.pub", folder=place)
    assert told.code == 2
    assert "another kind than Ed25519" in told_in_two_lines(told)


def test_the_key_of_somebody_else_does_not_verify(place: Path) -> None:
    assert preflight("keygen", "other.pem", folder=place).code == 0
    told = preflight("verify", f"run/{CERTIFICATE}", "--pubkey", "other.pub", folder=place)
    assert told.code == 1
    assert "is signed by the key" in told_in_two_lines(told)


# -- what is not certified -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "code", "what"),
    [
        (("--fault", "autotranslate-languages-for-all"), 1, "a required promise is broken: GET autotranslate"),
        (("--only", "autotranslate.*"), 3, "the run was limited by --only to: autotranslate.*"),
        (("--non-disruptive",), 3, "a required promise was not exercised: GET autotranslate"),
    ],
)
def test_a_run_that_fell_short_is_refused(place: Path, words: tuple[str, ...], code: int, what: str) -> None:
    preflight("run", "--profile", PROFILE, "--out", "fell-short", *words, folder=place)
    (run,) = (place / "fell-short").iterdir()
    before = files_in(place)
    told = certify(place, run=str(run))
    assert what in told_in_two_lines(told)
    assert told.code == code
    assert files_in(place) == before


WAIVER = """
  accepted-{number}:
    claim: {claim}
    check: {check}
    where: {where}
    owner: team-chat
    reason: everybody may know
    link: https://tracker.example.org/1
    expires: "2099-12-31"
"""


def test_what_a_waiver_accepts_is_not_certified(place: Path) -> None:
    words = ("run", "--profile", PROFILE, "--fault", "autotranslate-languages-for-all")
    assert preflight(*words, "--out", "broken", folder=place).code == 1
    (run,) = (place / "broken").iterdir()
    broken = [
        {"claim": outcome["claim"], "check": outcome["check"], "where": finding["where"]}
        for outcome in json.loads((run / "run.json").read_bytes())["outcomes"]
        for finding in outcome["findings"]
        if outcome["operation"] == "GET autotranslate.getSupportedLanguages"
    ]
    distinct = {json.dumps(one, sort_keys=True): one for one in broken}.values()
    waivers = "".join(WAIVER.format(number=number, **one) for number, one in enumerate(distinct))
    (place / "waivers.yaml").write_text(f"waivers:{waivers}", encoding="utf-8")
    told = preflight(*words, "--waivers", "waivers.yaml", "--out", "waived", folder=place)
    assert told.code == 0, told.out + told.err
    (run,) = (place / "waived").iterdir()
    told = certify(place, run=str(run))
    assert told.code == 1
    assert "which a waiver accepts and a certificate does not" in told_in_two_lines(told)


def test_nothing_is_overwritten(place: Path) -> None:
    before = files_in(place)
    told = preflight("certify", "run", "--profile", PROFILE, "--key", "key.pem", folder=place)
    assert told.code == 2
    assert "is there already" in told_in_two_lines(told)
    assert files_in(place) == before


def test_a_folder_that_is_no_run_is_refused(place: Path) -> None:
    (place / "empty").mkdir()
    told = certify(place, run="empty")
    assert told.code == 2
    assert "cannot be read" in told_in_two_lines(told)


# -- what does not hold ----------------------------------------------------------------------------------------------


def _changed(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    other = chance.choice([byte for byte in range(256) if byte != data[at]])
    return data[:at] + bytes([other]) + data[at + 1 :]


@pytest.mark.parametrize("name", [CERTIFICATE, BUNDLE])
def test_a_thousand_changed_bytes_are_a_thousand_refusals(
    place: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The command itself, in this process: a thousand of their own would take minutes."""
    monkeypatch.chdir(place)
    file = place / "run" / name
    whole = file.read_bytes()
    chance = random.Random(SEED)  # noqa: S311 (it chooses bytes to change, and no key)
    runner = CliRunner()
    words = ["verify", f"run/{CERTIFICATE}", "--pubkey", "key.pub"]
    assert runner.invoke(command, words).exit_code == 0
    unnoticed = []
    for _ in range(CHANGES):
        changed = _changed(whole, chance)
        file.write_bytes(changed)
        if not isinstance(runner.invoke(command, words).exception, CertificateError):
            unnoticed.append(changed)
    assert unnoticed == []


def test_a_certificate_holds_until_it_expires(runs: Path) -> None:
    own = statement_of(runs)["predicate"]["tag:preflight,2026:certificate/1"]
    assert verify(runs, "--at", own["issued"]).code == 0
    told = verify(runs, "--at", own["expires"])
    assert told.code == 1
    assert told_in_two_lines(told).startswith("the certificate expired at ")
    assert "is of the future" in told_in_two_lines(verify(runs, "--at", "2020-01-01"))
    assert "is no time" in told_in_two_lines(verify(runs, "--at", "tomorrow"))


def test_valid_days_count_from_the_run(place: Path) -> None:
    assert certify(place, "--valid-days", "2").code == 0
    made = json.loads(b64decode(json.loads((place / "new.certificate.json").read_bytes())["payload"]))
    own = made["predicate"]["tag:preflight,2026:certificate/1"]
    assert own["run"]["started"][10:] == own["expires"][10:]


def test_a_file_that_is_not_there_is_wrong_usage(tmp_path: Path, runs: Path) -> None:
    told = preflight("verify", "none.json", "--pubkey", str(runs / "key.pub"), folder=tmp_path)
    assert told.code == 2
    assert "cannot be read" in told_in_two_lines(told)


def test_the_bundle_of_another_certificate_is_refused(place: Path) -> None:
    preflight("run", "--profile", PROFILE, "--out", "again", folder=place)
    (run,) = (place / "again").iterdir()
    assert certify(place, run=str(run)).code == 0
    told = verify(place, "--bundle", "new.evidence.zip")
    assert told.code == 1
    assert "is not the one that was signed" in told_in_two_lines(told)


def test_no_run_loads_what_signs(tmp_path: Path) -> None:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PREFLIGHT_")}
    for words in (["--help"], ["run", "--list", "--only", "rooms.get"]):
        done = subprocess.run(
            [sys.executable, "-X", "importtime", "-m", "preflight", *words],
            cwd=tmp_path, env=clean, capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert "preflight.cli.certify" in done.stderr
        assert "preflight.certificate.signing" not in done.stderr
        assert "cryptography" not in done.stderr
        assert "securesystemslib" not in done.stderr
