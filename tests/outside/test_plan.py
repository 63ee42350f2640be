"""`preflight plan` from outside: circumstances, duration, what would be left out; and nothing is created."""

import json
from pathlib import Path

from jsonschema import Draft202012Validator

from preflight import paths
from preflight.mock.server import MockServer
from tests.outside.console import preflight
from tests.outside.servers import dead_address
from tests.session.lasting import state


def test_a_plan_tells_the_circumstances_and_the_duration_of_a_run(tmp_path: Path) -> None:
    with MockServer(rate_limited=True) as mock:
        before = state(mock.workspace)
        (tmp_path / "pw.txt").write_text(f"{mock.admin_password}\n", encoding="utf-8")
        where = ("--target", mock.url, "--user", mock.admin_username, "--password-file", "pw.txt")
        told = preflight("plan", *where, "--only", "chat.postMessage", folder=tmp_path)
        assert told.code == 0, told.err
        assert state(mock.workspace) == before
    rows = {line.strip().partition("  ")[0]: line.strip().partition("  ")[2].strip() for line in told.out.splitlines()}
    assert (rows["release"], rows["edition"], rows["roles"]) == ("8.0", "enterprise", "admin")
    assert rows["may create the people of the run"] == "yes (create-user)"
    assert rows["rate limiter"] == "on, 10 calls in 60 s"
    assert "min" in rows["duration"]
    assert "the busiest is POST chat.postMessage" in rows["duration"]
    assert "left out" not in rows
    assert not (tmp_path / "reports" / "runs").exists() or not any((tmp_path / "reports" / "runs").iterdir())


def test_a_plan_tells_what_few_minutes_leave_out(tmp_path: Path) -> None:
    told = preflight("plan", "--only", "rooms.*", "--max-minutes", "0.02", folder=tmp_path)
    assert told.code == 0, told.err
    assert "by --max-minutes 0.02; all would take" in told.out
    assert "not judged then" in told.out


def test_a_plan_is_told_as_json_as_well(tmp_path: Path) -> None:
    told = preflight("plan", "--only", "rooms.*", "--max-minutes", "0.02", "--json", folder=tmp_path)
    assert (told.code, told.err) == (0, "")
    found = json.loads(told.out)
    schema = json.loads((paths.REPORT_SCHEMAS / "plan.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(found)
    assert (found["release"], found["max_minutes"], found["limiter"]["state"]) == ("8.0", 0.02, "off")
    assert found["left_out"] > 0
    assert found["seconds"] <= 1.2 < found["seconds_of_all"]
    assert sum(found["open_claims"].values()) > 0


def test_without_a_limiter_requests_alone_take_time(tmp_path: Path) -> None:
    told = preflight("plan", "--only", "rooms.info", folder=tmp_path)
    assert "busiest" not in told.out
    assert any(line.split() == ["rate", "limiter", "off"] for line in told.out.splitlines())


def test_a_target_that_does_not_answer_is_told_in_a_line(tmp_path: Path) -> None:
    where = ("--target", dead_address(), "--user", "admin", "--password", "x")
    told = preflight("plan", *where, folder=tmp_path)
    assert told.code == 3
    assert "refuses connections" in told.err
    assert "Traceback" not in told.err
