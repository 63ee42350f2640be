"""The company: people come when they are first asked for, and a refusal is told once and remembered."""

from pathlib import Path

import pytest

from preflight.errors import TargetError
from preflight.model.json import as_object
from preflight.session.circumstances import CircumstanceError
from preflight.wire.rest import Ask
from tests.session.theatre import ADMIN, SILENCE, Reply, created, logged_in, name_of, theatre


def test_nobody_comes_before_they_are_asked_for(tmp_path: Path) -> None:
    world = theatre(tmp_path)
    assert world.company.present == ()
    assert world.company.login("admin") == ADMIN
    assert world.target.asked == []


def test_somebody_comes_once_and_can_be_removed_again(tmp_path: Path) -> None:
    world = theatre(tmp_path)
    first = world.company.login("alice")
    assert world.company.login("alice") is first
    assert first.headers == {"X-Auth-Token": "token-of-pf-abc.alice", "X-User-Id": "id-of-pf-abc.alice"}
    assert world.target.names == ["admin POST users.create", "alice POST login"]
    assert world.company.present == (first,)
    (entry,) = world.journal.standing
    assert entry.what == "user pf-abc.alice"
    assert (entry.undo.operation, as_object(entry.undo.body)["userId"]) == ("POST users.delete", first.user_id)


def test_a_person_is_intended_before_they_are_created(tmp_path: Path) -> None:
    seen: list[object] = []

    def look(ask: Ask) -> Reply:
        seen.extend(world.lines())
        return created(ask)

    world = theatre(tmp_path, {"POST users.create": look})
    world.company.login("alice")
    assert seen == [{"number": 1, "intends": "user pf-abc.alice", "names": ["pf-abc.alice"]}]


def test_facts_of_a_person_come_from_their_login(tmp_path: Path) -> None:
    company = theatre(tmp_path).company
    assert [company.fact("alice", key) for key in ("id", "username", "name")] == [
        "id-of-pf-abc.alice",
        "pf-abc.alice",
        "Alice",
    ]
    assert company.fact("admin", "id") == "admin1"


def test_the_password_of_a_person_is_strong_new_and_nowhere_to_be_read(tmp_path: Path) -> None:
    world = theatre(tmp_path)
    world.company.login("alice")
    world.company.login("bob")
    passwords = [
        str(as_object(ask.body)["password"]) for ask in world.target.asked if name_of(ask) == "POST users.create"
    ]
    assert len(set(passwords)) == 2
    for password in passwords:
        assert len(password) >= 24
        assert any(letter.isdigit() for letter in password)
        assert any(letter.isupper() for letter in password)
        assert any(letter.islower() for letter in password)
        assert any(not letter.isalnum() for letter in password)
        assert world.target.redactor.clean(f"it is {password}!") in {"it is <alice.password>!", "it is <bob.password>!"}
        assert password not in world.file.read_text(encoding="utf-8")


def test_a_refusal_to_create_somebody_is_asked_once_and_told_each_time(tmp_path: Path) -> None:
    refusal: Reply = (400, {"success": False, "error": "seats are taken"})
    world = theatre(tmp_path, {"POST users.create": refusal})
    for _ in range(3):
        with pytest.raises(CircumstanceError, match=r"could not arrange the person alice: 400, seats are taken"):
            world.company.login("alice")
    assert world.target.names == ["admin POST users.create"]
    assert world.journal.doubtful == ()
    assert world.journal.standing == ()


def test_a_refused_login_is_a_circumstance_and_the_person_is_removed_later(tmp_path: Path) -> None:
    world = theatre(tmp_path, {"POST login": (401, {"status": "error", "error": "totp-required"})})
    for _ in range(2):
        with pytest.raises(CircumstanceError, match="could not arrange the person alice: login refused"):
            world.company.login("alice")
    assert world.target.names.count("admin POST users.create") == 1
    assert [entry.what for entry in world.journal.standing] == ["user pf-abc.alice"]


def test_the_rate_limiter_lets_the_next_case_try_again(tmp_path: Path) -> None:
    world = theatre(tmp_path, {"POST users.create": (429, {"success": False})})
    with pytest.raises(CircumstanceError, match="429"):
        world.company.login("alice")
    world.target.behaviours["POST users.create"] = created
    assert world.company.login("alice").user_id
    assert world.journal.doubtful == ()


def test_after_a_lost_answer_the_next_try_takes_another_name_and_the_first_stays_in_doubt(tmp_path: Path) -> None:
    world = theatre(tmp_path, {"POST users.create": SILENCE})
    with pytest.raises(TargetError):
        world.company.login("alice")
    world.target.behaviours["POST users.create"] = created
    assert world.company.login("alice").username == "pf-abc.alice2"
    assert world.journal.doubtful == ("user pf-abc.alice",)


def test_the_username_is_the_one_that_the_target_tells(tmp_path: Path) -> None:
    def renamed(ask: Ask) -> Reply:
        reply = logged_in(ask)
        assert isinstance(reply, tuple)
        return 200, {"data": {**as_object(as_object(reply[1])["data"]), "me": {"username": "pf-abc.alice.1"}}}

    world = theatre(tmp_path, {"POST login": renamed})
    assert world.company.fact("alice", "username") == "pf-abc.alice.1"
