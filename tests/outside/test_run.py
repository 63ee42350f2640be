"""`preflight run` from outside: its exit codes, its reports, and that no secret is in any of them."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from preflight import paths
from preflight.mock.server import MockServer
from preflight.model.json import Json
from tests.outside.console import Told, preflight

SECRET = "correct-horse-battery-staple"


def only_folder(folder: Path) -> Path:
    (found,) = (folder / "reports" / "runs").iterdir()
    return found


def run_json(folder: Path) -> dict[str, Json]:
    data: dict[str, Json] = json.loads((only_folder(folder) / "run.json").read_text(encoding="utf-8"))
    return data


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Told]:
    folder = tmp_path_factory.mktemp("whole")
    return folder, preflight("run", folder=folder)


def test_the_mock_workspace_conforms(whole: tuple[Path, Told]) -> None:
    _, told = whole
    assert told.code == 0, told.out + told.err
    assert told.err == ""


def test_all_operations_are_exercised(whole: tuple[Path, Told]) -> None:
    operations = run_json(whole[0])["operations"]
    assert isinstance(operations, dict)
    assert len(operations) == 45
    assert {key for key, result in operations.items() if not result["exercised"]} == set()  # type: ignore[index,call-overload] # checked by the schema


def test_nearly_all_claims_are_judged_and_none_fails(whole: tuple[Path, Told]) -> None:
    claims = run_json(whole[0])["claims"]
    assert isinstance(claims, dict)
    total, judged = claims["total"], claims["judged"]
    assert isinstance(total, int)
    assert isinstance(judged, int)
    assert judged / total >= 0.95
    assert claims["failed"] == 0


def test_every_refusal_is_judged_or_has_evidence_why_not(whole: tuple[Path, Told]) -> None:
    claims = run_json(whole[0])["claims"]
    assert isinstance(claims, dict)
    open_ = [
        (claim["id"], claim["reason"])  # type: ignore[index,call-overload] # checked by the schema
        for claim in claims["results"]  # type: ignore[union-attr] # checked by the schema
        if claim["kind"] == "refusal" and not claim["judged_by"]  # type: ignore[index,call-overload] # checked by the schema
    ]
    assert open_ == [
        (
            "GET chat.getMessageReadReceipts#refusal:400.error-action-not-allowed",
            "the workspace is of the enterprise edition",
        )
    ]


def test_nothing_is_left_over(whole: tuple[Path, Told]) -> None:
    assert run_json(whole[0])["leftovers"] == []


def test_run_json_obeys_its_schema(whole: tuple[Path, Told]) -> None:
    schema = json.loads((paths.REPORT_SCHEMAS / "run.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(run_json(whole[0]))


def test_a_run_writes_every_report(whole: tuple[Path, Told]) -> None:
    names = {path.name for path in only_folder(whole[0]).iterdir()}
    assert names >= {"run.json", "allure-results", "report.html", "junit.xml", "summary.md"}


def test_a_fault_is_a_finding_with_everything_that_one_needs(tmp_path: Path) -> None:
    told = preflight("run", "--fault", "rooms-info-reworded", "--only", "rooms.info", folder=tmp_path)
    assert told.code == 1, told.out + told.err
    outcomes = run_json(tmp_path)["outcomes"]
    findings = [
        (outcome["operation"], finding)  # type: ignore[index,call-overload] # checked by the schema
        for outcome in outcomes  # type: ignore[union-attr] # checked by the schema
        for finding in outcome["findings"]  # type: ignore[index,call-overload,union-attr] # checked by the schema
    ]
    assert findings
    for operation, finding in findings:
        assert operation == "GET rooms.info"
        assert finding["promised"]
        assert finding["received"]
        assert finding["where"]
        assert finding["page"].startswith("https://developer.rocket.chat/")
        assert finding["reproduce"].startswith("curl ")


def test_no_secret_is_in_any_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    password_file = tmp_path / "pw.txt"
    password_file.write_text(SECRET + "\n", encoding="utf-8")
    work = tmp_path / "work"
    work.mkdir()
    tokens: list[str] = []
    with MockServer(admin_password=SECRET) as mock:
        grant = mock.workspace.users.grant
        monkeypatch.setattr(
            mock.workspace.users, "grant", lambda token, user: (tokens.append(token), grant(token, user))
        )
        told = preflight(
            "run", "--target", mock.url, "--user", "admin", "--password-file", str(password_file), folder=work
        )
    assert told.code == 0, told.out + told.err
    assert len(tokens) > 3
    for path in [path for path in work.rglob("*") if path.is_file()]:
        text = path.read_text(encoding="utf-8")
        assert SECRET not in text, path
        assert [token for token in tokens if token in text] == [], path


def test_json_is_the_run_alone(tmp_path: Path) -> None:
    told = preflight("run", "--json", "--only", "rooms.get", folder=tmp_path)
    assert told.code == 0
    assert json.loads(told.out)["verdict"] == "pass"
    assert told.err == ""


def test_a_list_asks_nobody(tmp_path: Path) -> None:
    told = preflight("run", "--list", "--only", "rooms.*", folder=tmp_path)
    assert told.code == 0
    assert "GET rooms.get" in told.out
    assert "2 operations" in told.out
    assert list(tmp_path.iterdir()) == []


def test_a_contract_with_a_mistake_is_told_with_file_and_line(tmp_path: Path) -> None:
    contracts = tmp_path / "contracts"
    copy(paths.CONTRACTS, contracts)
    cases = contracts / "cases" / "rooms.yaml"
    text = cases.read_text(encoding="utf-8")
    cases.write_text(text.replace("    refused:\n", "    refusedd:\n", 1), encoding="utf-8")
    line = text[: text.index("    refused:\n")].count("\n") + 1
    told = preflight("run", "--contracts", str(contracts), folder=tmp_path)
    assert told.code == 2
    assert f"rooms.yaml:{line}: " in told.err
    assert "refused" in told.err.splitlines()[1]


def copy(source: Path, target: Path) -> None:
    for path in source.rglob("*"):
        if path.is_file():
            there = target / path.relative_to(source)
            there.parent.mkdir(parents=True, exist_ok=True)
            there.write_bytes(path.read_bytes())
