from pathlib import Path

import pytest

from preflight import paths
from preflight.catalog.settings_file import SettingsFile, load_settings_file
from preflight.errors import FileError, UsageError

TEXT = """
[run]
profile = "messaging"
out = "runs"
timeout = 5

[targets.staging]
url = "https://staging.example.org"
user = "admin"
password-env = "STAGING_PASSWORD"
release = "8.0"
only = ["chat.*"]
disruptive = true

[targets.local]
url = "http://127.0.0.1:3000"
password-file = "secrets/pw.txt"
auth-token-env = "TOKEN"
user-id = "u1"
"""


def load(folder: Path, text: str = TEXT) -> SettingsFile:
    path = folder / "preflight.toml"
    path.write_text(text, encoding="utf-8")
    return load_settings_file(path)


def test_options_have_the_names_of_the_command_line(tmp_path: Path) -> None:
    assert load(tmp_path).options == {"profile": "messaging", "out": str(tmp_path / "runs"), "timeout": 5}


def test_a_target_has_an_address_options_and_secrets_by_reference(tmp_path: Path) -> None:
    target = load(tmp_path).target("staging")
    assert target.url == "https://staging.example.org"
    assert target.options == {"user": "admin", "release": "8.0", "only": ["chat.*"], "disruptive": True}
    assert target.secrets == {"password": "STAGING_PASSWORD"}


def test_files_are_seen_from_the_settings_file(tmp_path: Path) -> None:
    target = load(tmp_path).target("local")
    assert target.options["password_file"] == str(tmp_path / "secrets" / "pw.txt")
    assert target.secrets == {"auth_token": "TOKEN"}


def test_an_address_is_a_target_without_options(tmp_path: Path) -> None:
    target = load(tmp_path).target("https://other.example.org")
    assert (target.url, target.options, target.secrets) == ("https://other.example.org", {}, {})


def test_an_unknown_name_is_told_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as told:
        load(tmp_path).target("stagin")
    assert "'stagin' is no address and names no target" in told.value.what
    assert "staging" in told.value.hint


def test_where_there_is_no_file_nothing_is_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_settings_file(None) == SettingsFile()


def test_the_file_of_the_working_folder_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert set(load_settings_file(None).targets) == {"staging", "local"}


@pytest.mark.parametrize(
    ("right", "wrong", "told", "hint"),
    [
        ('profile = "messaging"', 'profle = "messaging"', "unknown key 'profle' in run", "profile"),
        ("[targets.local]", "[target.local]", "unknown key 'target'", "targets"),
        ('url = "http://127.0.0.1:3000"', 'adress = "x"', "'url' is missing in targets/local", "address"),
        ('password-env = "STAGING_PASSWORD"', 'password = "hunter2"', "unknown key 'password'", "password-env"),
        ("timeout = 5", 'timeout = "5"', "found '5', expected a number in run/timeout", "seconds"),
        ('only = ["chat.*"]', 'only = "chat.*"', "found 'chat.*', expected an array", "list"),
        ('url = "https://staging.example.org"', 'url = "https://me:pw@staging"', "targets/staging/url", "credentials"),
        ("disruptive = true", "disruptive = 2020-01-01", "targets/staging/disruptive", "true"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_is_right(
    tmp_path: Path, right: str, wrong: str, told: str, hint: str
) -> None:
    text = TEXT.replace(right, wrong)
    assert text != TEXT
    with pytest.raises(FileError) as problem:
        load(tmp_path, text)
    assert told in problem.value.what
    assert hint in problem.value.hint
    assert "hunter2" not in problem.value.what.replace("'password'", "")


def test_the_file_to_begin_with_says_what_it_may_say(tmp_path: Path) -> None:
    text = (paths.REPORT_TEMPLATES / "preflight.toml").read_text(encoding="utf-8")
    settings = load(tmp_path, text)
    assert settings.target("staging").secrets == {"password": "PREFLIGHT_STAGING_PASSWORD"}
    uncommented = "\n".join(line.removeprefix("# ") if " = " in line else line for line in text.splitlines())
    full = load(tmp_path, uncommented)
    assert full.options["profile"] == "full"
    assert full.target("staging").options["disruptive"] is False
