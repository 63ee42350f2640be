import pytest
from hypothesis import given
from hypothesis import strategies as st

from preflight.derive.facts import Change
from preflight.derive.prose import Permissions, changes, options, permissions

DECLARED = frozenset({"lid", "colour", "text"})


@pytest.mark.parametrize(
    ("row", "release", "parameter", "kind"),
    [
        ("| 0.48.0           | Added       |", "0.48.0", "", "added"),
        ("0.72.0Added", "0.72.0", "", "added"),
        ("0.72.0 Added", "0.72.0", "", "added"),
        ("|0.62.2 |Added |", "0.62.2", "", "added"),
        ('| 1.0.0 | Added parameter "lid" to close it |', "1.0.0", "lid", "added"),
        ("| 1.0.0 | Add lid param |", "1.0.0", "lid", "added"),
        ("| 1.0.0 | Remove `steam` parameter support. |", "1.0.0", "steam", "removed"),
        ("| 7.0.0 | Deprecated `colour` |", "7.0.0", "colour", "deprecated"),
        ("| 6.12.0 | Fixed `colour` not boiling |", "6.12.0", "colour", "changed"),
        ("| 2.0.0 | Internally using `boilWater` now. |", "2.0.0", "", "changed"),
        ("| 2.4.0 | Added validation on identity |", "2.4.0", "", "changed"),
        ("| 2.4.0 | Added the query parameters. |", "2.4.0", "", "changed"),
    ],
)
def test_a_row_of_the_change_log_gives_a_change(row: str, release: str, parameter: str, kind: str) -> None:
    assert changes([row], DECLARED) == (Change(release=release, parameter=parameter, change=kind),)


def test_rows_come_in_the_order_of_releases() -> None:
    rows = ["| Version | Description |", "| --- | --- |", "|10.0.0|Removed|", "|2.0.0|`lid` changed|", "|0.9.0|Added|"]
    assert [change.release for change in changes(rows, DECLARED)] == ["0.9.0", "2.0.0", "10.0.0"]


@given(
    st.integers(0, 99), st.integers(0, 99), st.integers(0, 99), st.sampled_from(["|{}|Added|", "{} Added", "{}Added"])
)
def test_every_release_that_is_printed_is_read(major: int, minor: int, patch: int, row: str) -> None:
    release = f"{major}.{minor}.{patch}"
    assert changes([row.format(release)], DECLARED) == (Change(release=release, change="added"),)


@pytest.mark.parametrize(
    ("text", "demanded", "some"),
    [
        ("Boils. Permission required: `boil`.", ("boil",), ()),
        ("Permission required:`boil`", ("boil",), ()),
        ("Permissions required: `boil`, `pour-tea`", ("boil", "pour-tea"), ()),
        ("Permissions required: `boil` and `pour-tea`. See `lid`.", ("boil", "pour-tea"), ()),
        ("**Required permission**: `boil`.", ("boil",), ()),
        ("Permissions required:- `boil`\n- `pour-tea`\n", ("boil", "pour-tea"), ()),
        ("Permissions required:\n* `boil`: To boil water.\n* `pour-tea`\n\nMore `words`.", ("pour-tea",), ("boil",)),
        ("Permission required: at least one of `boil` or `pour-tea`.", (), ("boil", "pour-tea")),
        ("Any of the following permissions are required:\n* `boil`\n* `pour-tea`\n", (), ("boil", "pour-tea")),
        ("At least one of the following permissions is required:\n- `boil`\n", (), ("boil",)),
        ("You need the `boil` permission. More.", ("boil",), ()),
        ("- Requires the TEA license, the `boil` and `pour-tea` permissions, and a setting.", ("boil", "pour-tea"), ()),
        ("To see all, you need the `boil` permission.", (), ()),
        ("<a href='#'>Permission</a> required: `boil`", ("boil",), ()),
        ("Any one of the following permissions is required:\n* `boil`: To boil.\n", (), ("boil",)),
        ("You must have permission to see the kettle.", (), ()),
        ("User lacks the permissions required for this action [error-unauthorized]", (), ()),
    ],
)
def test_permissions_are_told_in_many_ways(text: str, demanded: tuple[str, ...], some: tuple[str, ...]) -> None:
    assert permissions(text) == Permissions(demanded=demanded, some=some)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Which lid. Available options:\n- `flat`: A flat one.\n- `high`\n\nMore `words`.", ("flat", "high")),
        ("The possible values are:\r\n* `flat`\r\n* `high`", ("flat", "high")),
        ("Available options: see the manual.", ()),
        ("Which lid, `flat` or `high`.", ()),
    ],
)
def test_the_options_of_a_parameter_are_listed(text: str, expected: tuple[str, ...]) -> None:
    assert options(text) == expected
