"""`preflight run` from outside: its exit codes, its reports, and that no secret is in any of them."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from preflight import paths
from preflight.mock.server import MockServer
from preflight.model.claim import ClaimKind
from preflight.model.run import Run
from preflight.model.verdict import Verdict
from preflight.reporting.folder import open_run
from tests.outside.console import Told, preflight

REMOVED = ["ddp:getRoomRoles", "ddp:muteUserInRoom", "ddp:unmuteUserInRoom"]
SECRET = "correct-horse-battery-staple"


def only_folder(folder: Path) -> Path:
    (found,) = (folder / "reports" / "runs").iterdir()
    return found


def run_of(folder: Path) -> Run:
    return open_run(only_folder(folder))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Told]:
    folder = tmp_path_factory.mktemp("whole")
    return folder, preflight("run", folder=folder)


def test_the_mock_workspace_conforms(whole: tuple[Path, Told]) -> None:
    _, told = whole
    assert told.code == 0, told.out + told.err
    assert told.err == ""


def test_all_operations_are_exercised_but_those_that_the_release_removed(whole: tuple[Path, Told]) -> None:
    operations = run_of(whole[0]).operations
    assert sum(key.method != "ddp" for key in operations) == 45
    assert sum(key.method == "ddp" for key in operations) >= 21
    assert [str(key) for key, result in operations.items() if not result.exercised] == REMOVED


def test_every_claim_is_judged_or_does_not_apply(whole: tuple[Path, Told]) -> None:
    results = run_of(whole[0]).claims.values()
    # What is known of a release is told as a warning.
    assert {result.verdict for result in results if not result.advisory} == {Verdict.PASS, Verdict.NOT_APPLICABLE}
    assert all(result.judged for result in results if result.advisory)
    assert " not judged 0 " in whole[1].out


def test_every_refusal_is_judged_or_has_evidence_why_not(whole: tuple[Path, Told]) -> None:
    claims = run_of(whole[0]).claims
    open_ = {
        str(name): result.reason
        for name, result in claims.items()
        if name.kind is ClaimKind.REFUSAL and not result.judged
    }
    assert open_ == {
        "GET chat.getMessageReadReceipts#refusal:400.error-action-not-allowed": (
            "the workspace is of the enterprise edition"
        )
    }


def test_nothing_is_left_over(whole: tuple[Path, Told]) -> None:
    assert run_of(whole[0]).leftovers == ()


def test_run_json_obeys_its_schema(whole: tuple[Path, Told]) -> None:
    schema = json.loads((paths.REPORT_SCHEMAS / "run.schema.json").read_text(encoding="utf-8"))
    run = json.loads((only_folder(whole[0]) / "run.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(run)


def test_a_run_writes_every_report(whole: tuple[Path, Told]) -> None:
    names = {path.name for path in only_folder(whole[0]).iterdir()}
    assert names >= {"run.json", "allure-results", "report.html", "junit.xml", "summary.md"}


def test_a_fault_is_a_finding_with_everything_that_one_needs(tmp_path: Path) -> None:
    told = preflight("run", "--fault", "rooms-info-reworded", "--only", "rooms.info", folder=tmp_path)
    assert told.code == 1, told.out + told.err
    found = [(str(outcome.operation), finding) for outcome in run_of(tmp_path).outcomes for finding in outcome.findings]
    assert found
    for operation, finding in found:
        assert operation == "GET rooms.info"
        assert finding.promised
        assert finding.received
        assert finding.where
        assert finding.page.startswith("https://developer.rocket.chat/")
        assert finding.reproduce.startswith("curl ")


def test_no_secret_is_in_any_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    password_file = tmp_path / "pw.txt"
    password_file.write_text(SECRET + "\n", encoding="utf-8")
    work = tmp_path / "work"
    work.mkdir()
    tokens: list[str] = []
    with MockServer(admin_password=SECRET) as mock:
        grant = mock.workspace.users.grant

        def remember(token: str, user_id: str) -> None:
            tokens.append(token)
            grant(token, user_id)

        monkeypatch.setattr(mock.workspace.users, "grant", remember)
        told = preflight(
            *("run", "--depth", "quick", "--target", mock.url, "--user", "admin"),
            *("--password-file", str(password_file)),
            folder=work,
        )
    assert told.code == 0, told.out + told.err
    assert len(tokens) > 3
    assert [path.name for path in work.iterdir()] == ["reports"]
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
    assert "operations 2, claims " in told.out
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
