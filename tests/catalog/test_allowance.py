"""What generated requests may name: data, checked against operations and cast."""

import pytest

from preflight.catalog.catalog import load_catalog
from preflight.errors import FileError
from preflight.model.operation import OperationKey
from preflight.model.release import Release
from tests.catalog.miniature import Miniature

INFO = OperationKey.parse("GET rooms.info")
PROBES = """\
never: [logout]
without: [excludeSelf]
loose: [query]
names:
  - parameters: [roomId, rid]
    values: ["{alice.room.id}"]
    unknown: "{unknown.id}"
instead:
  GET rooms.info:
    roomId: ["{unknown.id}"]
headers: [x-frame-options]
"""


def written(miniature: Miniature, text: str = PROBES) -> Miniature:
    miniature.write("probes.yaml", text)
    return miniature


def test_names_hold_for_every_parameter_that_is_listed(miniature: Miniature) -> None:
    allowance = written(miniature).load().allowance
    assert allowance.names["roomId"] == allowance.names["rid"]
    assert allowance.names["rid"].values == ("{alice.room.id}",)
    assert allowance.instead[INFO] == {"roomId": ("{unknown.id}",)}
    assert allowance.allows(INFO)
    assert not allowance.allows(OperationKey.parse("POST logout"))


def test_without_the_file_nothing_is_allowed(miniature: Miniature) -> None:
    assert not miniature.load().allowance.allows(INFO)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("GET rooms.info:", "GET rooms.inf:", "unknown operation 'GET rooms.inf'"),
        ("[roomId, rid]", "[roomId, roomId]", "the parameter 'roomId' stands here twice"),
        ('"{alice.room.id}"', '"{alice.rom.id}"', "unknown placeholder {alice.rom.id}"),
        ("never:", "nevr:", "'never' is missing"),
    ],
)
def test_a_mistake_is_told_with_its_line(miniature: Miniature, old: str, new: str, told: str) -> None:
    assert old in PROBES
    with pytest.raises(FileError, match=r"probes\.yaml:\d+: ") as refused:
        written(miniature, PROBES.replace(old, new)).load()
    assert told in str(refused.value)


@pytest.mark.parametrize("release", ["6.14", "8.0", "8.8"])
def test_every_parameter_that_a_request_may_name_something_by_is_known(release: str) -> None:
    """A parameter of the guard that is missing here would make the guard stop what is generated."""
    catalog = load_catalog(Release.parse(release))
    unknown = {
        parameter.name
        for contract in catalog.contracts.values()
        if contract.key.method != "ddp"
        for parameter in contract.parameters
        if parameter.name in catalog.effects.naming and parameter.name not in catalog.allowance.names
    }
    assert unknown == set()
