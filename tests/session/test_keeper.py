"""The keepers of settings and permissions: read once, change only where they may, put back what they changed."""

from pathlib import Path
from typing import Any

import pytest

from preflight.errors import TargetError
from preflight.model.json import Json, as_list, as_object
from preflight.session.circumstances import CircumstanceError, NotApplicableError
from preflight.wire.rest import Ask
from tests.session.theatre import SILENCE, Reply, Theatre, theatre

NAME = "E2E_Enable"
GET, POST = f"GET settings/{NAME}", f"POST settings/{NAME}"


def with_setting(folder: Path, **how: Any) -> tuple[Theatre, dict[str, Json]]:
    """Build a target with one setting, off, that can be changed, and give the place where it lies."""
    kept: dict[str, Json] = {"value": False}

    def change(ask: Ask) -> Reply:
        kept["value"] = as_object(ask.body)["value"]
        return 200, {"success": True}

    behaviours = {GET: lambda _: (200, {"_id": NAME, "value": kept["value"], "success": True}), POST: change}
    return theatre(folder, behaviours | how.pop("changes", {}), **how), kept


def test_a_setting_is_read_once_and_left_alone_where_it_is_right(tmp_path: Path) -> None:
    world, _ = with_setting(tmp_path)
    for _ in range(3):
        world.keeper.meet({NAME: False})
    assert world.target.names == [f"admin {GET}"]
    assert world.file.read_text(encoding="utf-8") == ""


def test_a_setting_that_is_otherwise_is_changed_and_put_back(tmp_path: Path) -> None:
    world, kept = with_setting(tmp_path)
    world.keeper.meet({NAME: True})
    assert kept == {"value": True}
    assert world.keeper.restore() == ()
    assert kept == {"value": False}
    assert world.journal.standing == ()


def test_a_setting_is_put_back_before_a_case_that_does_not_need_it(tmp_path: Path) -> None:
    world, kept = with_setting(tmp_path)
    world.keeper.meet({NAME: True})
    world.keeper.meet({})
    assert kept == {"value": False}
    assert world.keeper.restore() == ()
    assert world.target.names == [f"admin {GET}", f"admin {POST}", f"admin {POST}"]


def test_only_what_is_otherwise_has_to_be_changed(tmp_path: Path) -> None:
    world, _ = with_setting(tmp_path)
    assert world.keeper.changing({NAME: False}) == {}
    assert world.keeper.changing({NAME: True}) == {NAME: True}
    assert world.target.names == [f"admin {GET}"]


def test_what_cannot_be_read_is_left_to_whoever_needs_it(tmp_path: Path) -> None:
    world, _ = with_setting(tmp_path)
    world.target.behaviours[GET] = SILENCE
    assert world.keeper.changing({NAME: False}) == {NAME: False}
    assert world.keeper.changing({NAME: True}) == {NAME: True}
    assert world.target.names == [f"admin {GET}"]


def test_nothing_has_to_be_changed_where_nothing_may_be(tmp_path: Path) -> None:
    world, _ = with_setting(tmp_path, may_change=False)
    assert world.keeper.changing({NAME: True}) == {}
    assert world.target.names == []


def test_how_to_put_a_setting_back_is_on_the_disk_before_it_changes(tmp_path: Path) -> None:
    seen: list[object] = []

    def look(ask: Ask) -> Reply:
        del ask
        seen.extend(world.lines())
        return 200, {"success": True}

    world, _ = with_setting(tmp_path, changes={POST: look})
    world.keeper.meet({NAME: True})
    assert seen[-2:] == [
        {
            "number": 2,
            "intended": 1,
            "created": f"setting {NAME}",
            "undo": {"as": "admin", "operation": POST, "body": {"value": False}, "gone": False},
        },
        {"number": 2, "becomes": True},
    ]


def test_where_nothing_may_change_the_case_does_not_apply(tmp_path: Path) -> None:
    world, kept = with_setting(tmp_path, may_change=False)
    with pytest.raises(NotApplicableError) as told:
        world.keeper.meet({NAME: True})
    assert str(told.value) == (
        "the setting E2E_Enable is off, the case needs on; --disruptive lets Preflight change it for the moment"
    )
    assert kept == {"value": False}
    assert POST not in str(world.target.names)


@pytest.mark.parametrize(
    ("behaviour", "evidence"),
    [
        ({GET: (400, {"success": False, "error": "unknown"})}, "could not be read: 400, unknown"),
        ({POST: (400, {"success": False, "error": "no right"})}, "could not be changed: 400, no right"),
    ],
)
def test_a_setting_out_of_reach_makes_the_case_not_apply(
    tmp_path: Path, behaviour: dict[str, Reply], evidence: str
) -> None:
    world, _ = with_setting(tmp_path, changes=behaviour)
    with pytest.raises(NotApplicableError, match=evidence):
        world.keeper.meet({NAME: True})
    assert world.keeper.restore() == ()
    assert world.journal.standing == ()


@pytest.mark.parametrize("of", [GET, POST])
def test_a_right_that_the_account_lacks_is_a_circumstance(tmp_path: Path, of: str) -> None:
    world, _ = with_setting(tmp_path, changes={of: (403, {"success": False, "error": "unauthorized"})})
    with pytest.raises(CircumstanceError, match=r"the account of the run has no right to .*: 403, unauthorized"):
        world.keeper.meet({NAME: True})
    assert world.journal.standing == ()


@pytest.mark.parametrize("status", [429, 503])
def test_a_target_that_cannot_answer_now_is_a_circumstance(tmp_path: Path, status: int) -> None:
    world, _ = with_setting(tmp_path, changes={GET: (status, {"success": False})})
    with pytest.raises(CircumstanceError):
        world.keeper.meet({NAME: True})


def test_a_setting_that_cannot_be_put_back_is_told_and_stays_in_the_journal(tmp_path: Path) -> None:
    world, kept = with_setting(tmp_path)
    world.keeper.meet({NAME: True})
    world.target.behaviours[POST] = (400, {"success": False, "error": "locked"})
    assert world.keeper.restore() == ((NAME, "400, locked"),)
    assert kept == {"value": True}
    assert [entry.what for entry in world.journal.standing] == [f"setting {NAME}"]


def test_the_rate_limiter_does_not_keep_other_settings_from_being_put_back(tmp_path: Path) -> None:
    other: dict[str, Json] = {"value": 1}

    def change(ask: Ask) -> Reply:
        other["value"] = as_object(ask.body)["value"]
        return 200, {"success": True}

    more = {"GET settings/Other": lambda _: (200, {"value": other["value"]}), "POST settings/Other": change}
    world, _ = with_setting(tmp_path, changes=more)
    world.keeper.meet({NAME: True, "Other": 2})
    world.target.behaviours[POST] = (429, {"success": False})
    assert [name for name, _ in world.keeper.restore()] == [NAME]
    assert other == {"value": 1}


def test_a_change_whose_answer_is_lost_is_put_back_all_the_same(tmp_path: Path) -> None:
    world, kept = with_setting(tmp_path)
    honest = world.target.behaviours[POST]
    assert callable(honest)

    def change_and_vanish(ask: Ask) -> Reply:
        honest(ask)
        return SILENCE

    world.target.behaviours[POST] = change_and_vanish
    with pytest.raises(TargetError):
        world.keeper.meet({NAME: True})
    world.target.behaviours[POST] = honest
    assert kept == {"value": True}
    assert world.keeper.restore() == ()
    assert kept == {"value": False}


def test_a_setting_of_which_nobody_knows_what_it_is_now_is_set_again(tmp_path: Path) -> None:
    world, kept = with_setting(tmp_path)
    honest = world.target.behaviours[POST]
    world.target.behaviours[POST] = SILENCE
    with pytest.raises(TargetError):
        world.keeper.meet({NAME: True})
    world.target.behaviours[POST] = honest
    world.keeper.meet({NAME: False})
    assert world.target.names[-1] == f"admin {POST}"
    assert kept == {"value": False}


# permissions

RIGHT = "create-c"
UPDATE = "POST permissions.update"


def with_right(folder: Path, **how: Any) -> tuple[Theatre, list[Json]]:
    """Build a target with one permission, which users hold, and give what it was changed to."""
    kept: list[Json] = [["admin", "user"]]

    def change(ask: Ask) -> Reply:
        (wanted,) = as_list(as_object(ask.body)["permissions"])
        kept.append(as_object(wanted)["roles"])
        return 200, {"success": True}

    def show(ask: Ask) -> Reply:
        del ask
        return 200, {"update": [{"_id": RIGHT, "roles": kept[-1]}], "remove": [], "success": True}

    return theatre(folder, {"GET permissions.listAll": show, UPDATE: change}, **how), kept


def test_a_permission_is_taken_for_the_moment_and_given_back(tmp_path: Path) -> None:
    world, kept = with_right(tmp_path)
    world.ground.rights.meet({RIGHT: ["admin"]})
    assert kept[-1] == ["admin"]
    assert world.ground.rights.restore() == ()
    assert kept == [["admin", "user"], ["admin"], ["admin", "user"]]
    assert world.journal.standing == ()


def test_a_permission_is_left_alone_where_nothing_may_change(tmp_path: Path) -> None:
    world, kept = with_right(tmp_path, may_change=False)
    with pytest.raises(NotApplicableError, match="the permission create-c is"):
        world.ground.rights.meet({RIGHT: ["admin"]})
    assert len(kept) == 1


def test_a_permission_that_nobody_knows_makes_the_case_inapplicable(tmp_path: Path) -> None:
    world, _ = with_right(tmp_path)
    with pytest.raises(NotApplicableError, match="the permission fly could not be read"):
        world.ground.rights.meet({"fly": []})
