"""preflight.toml from outside: targets by name, options that hold always, and what is typed goes before both."""

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from preflight import paths
from preflight.cli.run import run
from preflight.mock.server import MockServer
from tests.outside.console import preflight

SECRET = "correct-horse-battery-staple"


@pytest.fixture(scope="module")
def mock() -> Iterator[MockServer]:
    with MockServer(admin_password=SECRET) as server:
        yield server


def settings(mock: MockServer) -> str:
    return (
        f'[run]\nonly = ["GET rooms.get"]\nout = "mine"\n\n'
        f'[targets.staging]\nurl = "{mock.url}"\nuser = "admin"\npassword-env = "STAGING_PASSWORD"\n'
    )


def test_a_target_is_judged_by_its_name(tmp_path: Path, mock: MockServer) -> None:
    (tmp_path / "preflight.toml").write_text(settings(mock), encoding="utf-8")
    told = preflight("run", "--target", "staging", folder=tmp_path, STAGING_PASSWORD=SECRET)
    assert told.code == 0, told.out + told.err
    assert mock.url in told.out
    (found,) = (tmp_path / "mine").iterdir()
    assert json.loads((found / "run.json").read_bytes())["environment"]["alias"] == "staging"
    assert SECRET not in "".join(path.read_text(encoding="utf-8") for path in found.rglob("*") if path.is_file())


def test_what_is_typed_goes_before_what_is_written(tmp_path: Path, mock: MockServer) -> None:
    (tmp_path / "other.toml").write_text(settings(mock), encoding="utf-8")
    words = ("run", "--target", "staging", "--config", "other.toml", "--only", "GET dm.list", "--json")
    told = preflight(*words, folder=tmp_path, STAGING_PASSWORD=SECRET)
    assert told.code == 0, told.err
    assert list(json.loads(told.out)["operations"]) == ["GET dm.list"]


def test_a_secret_that_is_not_set_is_told_by_the_name_of_its_variable(tmp_path: Path, mock: MockServer) -> None:
    (tmp_path / "preflight.toml").write_text(settings(mock), encoding="utf-8")
    told = preflight("run", "--target", "staging", folder=tmp_path)
    assert told.code == 2
    assert "the environment variable STAGING_PASSWORD, which is not set" in told.err


def test_a_wrong_key_is_told_with_file_line_and_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "preflight.toml").write_text('[run]\nprofil = "full"\n', encoding="utf-8")
    told = preflight("run", folder=tmp_path)
    assert told.code == 2
    assert "preflight.toml:2: unknown key 'profil' in run" in told.err
    assert "profile" in told.err.splitlines()[1]
    assert preflight("run", "--help", folder=tmp_path).code == 0


def test_a_name_that_no_file_knows_is_told(tmp_path: Path) -> None:
    told = preflight("run", "--target", "staging", folder=tmp_path)
    assert told.code == 2
    assert "'staging' is no address and names no target" in told.err


def test_init_writes_a_file_that_is_read_and_never_writes_over_one(tmp_path: Path) -> None:
    told = preflight("init", folder=tmp_path)
    assert told.code == 0, told.err
    written = (tmp_path / "preflight.toml").read_text(encoding="utf-8")
    assert "staging" in tomllib.loads(written)["targets"]
    again = preflight("init", folder=tmp_path)
    assert (again.code, "is there already" in again.err) == (2, True)
    assert (tmp_path / "preflight.toml").read_text(encoding="utf-8") == written
    assert preflight("run", "--only", "GET rooms.get", folder=tmp_path).code == 0


def test_every_option_of_the_file_is_one_of_the_command() -> None:
    schema = json.loads((paths.CONTRACTS / "schemas" / "settings.schema.json").read_text(encoding="utf-8"))
    written = {name.replace("-", "_") for name in schema["properties"]["run"]["properties"]}
    assert written <= {parameter.name for parameter in run.params}
