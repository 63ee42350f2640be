"""The reference of the site says what the code does, and all of it."""

import pytest

from docs.site.contents import contents
from docs.site.reference import MEANINGS, PAGES
from preflight import paths
from preflight.checks.known import CHECKS
from preflight.cli import preflight
from preflight.errors import ExitCode
from preflight.mock.faults import FAULTS

ROOT = paths.CONTRACTS.parent


def test_every_command_and_option_is_there() -> None:
    told = PAGES["reference/commands.md"]()
    for name, command in preflight.commands.items():
        assert f"## preflight {name}\n" in told
        for option in command.params:
            assert all(f"`{spelled}`" in told for spelled in option.opts if spelled.startswith("--")), option.opts


def test_every_exit_code_has_a_meaning() -> None:
    assert set(MEANINGS) == set(ExitCode)


@pytest.mark.parametrize(("page", "names"), [("checks", CHECKS), ("faults", FAULTS)])
def test_every_check_and_every_fault_is_there(page: str, names: dict[str, object]) -> None:
    told = PAGES[f"reference/{page}.md"]()
    assert [name for name in names if f"| `{name}` |" not in told] == []


def test_every_schema_is_there() -> None:
    told = PAGES["reference/schemas.md"]()
    for folder in (paths.CONTRACTS / "schemas", paths.REPORT_SCHEMAS):
        for path in folder.glob("*.json"):
            assert f"`{path.name}`" in told


def test_the_contents_of_the_site_are_those_of_the_index() -> None:
    index = (
        "# Title\n\n## Learn\n\n- [five minutes](tutorial.md)\n\n## How\n\nUse it:\n\n- [run](how-to/run.md): words\n"
    )
    assert contents(index) == [{"Learn": [{"Five minutes": "tutorial.md"}]}, {"Use it": [{"Run": "how-to/run.md"}]}]


def test_a_page_beside_the_documentation_is_found_inside() -> None:
    assert contents("## More\n\n- [changes](../CHANGELOG.md)\n") == [{"More": [{"Changes": "changes.md"}]}]
