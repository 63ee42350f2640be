"""Reports of what changed: the same words in terminal, Markdown and HTML, everything in JSON."""

import io
import json
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from rich.console import Console
from syrupy.assertion import SnapshotAssertion

from preflight.errors import UsageError
from preflight.model.change import (
    NOTHING,
    Answer,
    Aspect,
    Change,
    Comparison,
    DocumentationChanges,
    Effect,
    NotCompared,
    Obstacle,
    Safety,
    Side,
    Standing,
)
from preflight.model.operation import OperationKey
from preflight.paths import REPORT_SCHEMAS
from preflight.reporting.changes import document, files, html, markdown, page, terminal

PAGE = "https://docs.example.org/greet"
KEYS = tuple(OperationKey(name=f"greet.{name}", method="GET") for name in ("all", "none", "one", "some"))


def change(aspect: Aspect, before: str, after: str, effect: Effect, standing: Standing) -> Change:
    return Change(
        operations=KEYS[:1],
        aspect=aspect,
        before=before,
        after=after,
        effect=effect,
        standing=standing,
        questions=("nobody is named",),
        cases=("refusals/GET greet.all/nobody",),
    )


CHANGES = (
    replace(
        change(Aspect.ERROR_TYPE, "error-nobody", "error-none", Effect.BREAKING, Standing.AGAINST),
        because="refuses with 400, errorType 'error-nobody'",
        page=PAGE,
    ),
    replace(change(Aspect.STATUS, "405", "404", Effect.BREAKING, Standing.SILENT), operations=KEYS),
    replace(
        change(Aspect.ERROR_TEXT, "Nobody <b>here</b>", "`No` one\nhere", Effect.BREAKING, Standing.PROMISED),
        where="/error",
        because="refuses with 400",
        erratum="greet-words",
        page="javascript:alert(1)",
    ),
    replace(
        change(Aspect.FIELD, NOTHING, "string", Effect.COMPATIBLE, Standing.PROMISED),
        where="200.rooms[].topic",
        because="field rooms[].topic, where present, is a string",
        page=PAGE,
        questions=("one", "two"),
    ),
    replace(
        change(Aspect.TIMING, "12.0 ms", "80.5 ms", Effect.COMPATIBLE, Standing.SILENT), operations=(), where="401"
    ),
)
COMPARISON = Comparison(
    before=Side(run="r1", target="https://old.example.org", release="1.0", started="2026-11-22T05:20:00Z", seed="7"),
    after=Side(run="r2", target="https://new.example.org", release="2.0", started="2026-11-22T05:30:00Z"),
    profile="full",
    safety=Safety(answer=Answer.NO, because="3 changes can break a client"),
    changes=CHANGES,
    not_compared=(
        NotCompared(case="shapes/GET greet.all/old", obstacle=Obstacle.ONLY_BEFORE),
        NotCompared(case="shapes/GET greet.all/x", obstacle=Obstacle.CIRCUMSTANCES, reason="429"),
    ),
    cases=1234,
    exchanges=2345,
    notes=("the edition is community before and enterprise after",),
)
UNCHANGED = replace(COMPARISON, changes=(), safety=Safety(answer=Answer.YES, because="no behaviour changed"))
DOCUMENTATION = DocumentationChanges(
    before=("greetings-2025",),
    after=("greetings-2026",),
    operations=(3, 4),
    changes=(
        replace(
            change(Aspect.PARAMETER, "optional, a string", NOTHING, Effect.BREAKING, Standing.SILENT), where="query.x"
        ),
        replace(change(Aspect.PERMISSION, "greet", NOTHING, Effect.COMPATIBLE, Standing.SILENT), questions=()),
    ),
)


def shown(what: page.Page, *, width: int = 100, encoding: str = "utf-8", colours: bool = False) -> str:
    told = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    console = Console(
        file=told,
        width=width,
        force_terminal=colours,
        color_system="standard" if colours else None,
        legacy_windows=False,
    )
    terminal.show(what, console)
    told.flush()
    buffer = told.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode(encoding)


def test_a_comparison_in_a_terminal(snapshot: SnapshotAssertion) -> None:
    assert shown(page.of_runs(COMPARISON)) == snapshot


def test_a_comparison_as_markdown(snapshot: SnapshotAssertion) -> None:
    assert markdown.render(page.of_runs(COMPARISON)) == snapshot


def test_changes_of_documentation_in_a_terminal(snapshot: SnapshotAssertion) -> None:
    assert shown(page.of_documentation(DOCUMENTATION)) == snapshot


@pytest.mark.parametrize("compared", [COMPARISON, UNCHANGED])
def test_the_first_line_tells_whether_it_is_safe_and_why(compared: Comparison) -> None:
    told = shown(page.of_runs(compared), width=30)
    assert told.splitlines()[0] == compared.safety.sentence
    assert compared.safety.sentence in markdown.render(page.of_runs(compared)).splitlines()[0]


def test_a_terminal_without_unicode_gets_plain_signs() -> None:
    assert "405 -> 404" in shown(page.of_runs(COMPARISON), encoding="ascii")


def test_colours_are_shown_where_the_console_has_them_only() -> None:
    assert "\x1b[" in shown(page.of_runs(COMPARISON), colours=True)
    assert "\x1b" not in shown(page.of_runs(COMPARISON))


def test_what_breaks_nobody_is_told_in_a_few_lines_and_counted() -> None:
    many = tuple(replace(CHANGES[3], where=f"200.f{number}") for number in range(40))
    told = shown(page.of_runs(replace(COMPARISON, changes=many)))
    assert "and 28 more changes" in told


class _Texts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links.extend(value for name, value in attrs if name in {"href", "src"})


def test_html_holds_what_servers_said_as_text_and_links_to_pages_of_the_web_only() -> None:
    told = html.render(page.of_runs(COMPARISON))
    parser = _Texts()
    parser.feed(told)
    assert "b" not in parser.tags
    assert "script" not in parser.tags
    assert set(parser.links) == {PAGE}
    assert "Nobody &lt;b&gt;here&lt;/b&gt;" in told
    assert COMPARISON.safety.sentence in told


@pytest.mark.parametrize("compared", [COMPARISON, UNCHANGED])
def test_json_fits_its_schema_and_holds_everything(compared: Comparison) -> None:
    told = json.loads(document.text(document.of_runs(compared)))
    schema = json.loads((REPORT_SCHEMAS / "comparison.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(told)
    assert (told["safe"], len(told["changes"])) == (str(compared.safety.answer), len(compared.changes))
    assert told["figures"]["breaking"] == sum(one.effect is Effect.BREAKING for one in compared.changes)


def test_json_of_documentation_fits_its_schema() -> None:
    told = json.loads(document.text(document.of_documentation(DOCUMENTATION)))
    schema = json.loads((REPORT_SCHEMAS / "docs-diff.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(told)
    assert told["figures"] == {"changes": 2, "breaking": 1, "compatible": 1}


@pytest.mark.parametrize("name", ["upgrade.md", "upgrade.html"])
def test_a_file_is_written_as_its_name_says(tmp_path: Path, name: str) -> None:
    files.write(page.of_runs(COMPARISON), tmp_path / "deep" / name)
    text = (tmp_path / "deep" / name).read_text(encoding="utf-8")
    assert text.startswith("# ❌" if name.endswith("md") else "<!doctype html>")


def test_nothing_is_written_over(tmp_path: Path) -> None:
    there = tmp_path / "upgrade.md"
    there.write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="is there already"):
        files.write(page.of_runs(COMPARISON), there)
    assert there.read_text(encoding="utf-8") == "mine"


def test_a_name_without_a_form_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="names no form"):
        files.check_name(tmp_path / "upgrade.pdf")


def test_a_place_that_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match="cannot be written"):
        files.write(page.of_runs(COMPARISON), tmp_path / "file" / "upgrade.md")
