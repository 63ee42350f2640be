"""The documentation: links lead somewhere, commands parse, every page is listed."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import click
import pytest

from preflight.cli import preflight
from preflight.mock.faults import FAULTS
from preflight.paths import CONTRACTS
from tests.reference import ROOT

INDEX = ROOT / "docs" / "index.md"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]

_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_BLOCK = re.compile(r"^( *)```sh\n(.*?)^\1```", re.MULTILINE | re.DOTALL)
_ANY_BLOCK = re.compile(r"^( *)```.*?^\1```", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`[^`\n]*`")
_PYTEST_OPTION = re.compile(r"--preflight-[a-z-]+")
_OPERATORS = re.compile(r"[;&|<>(){}]+")


class Command(NamedTuple):
    """One command line of a page: the words after the name of the program."""

    page: str
    words: tuple[str, ...]

    def title(self) -> str:
        return f"{self.page}: {shlex.join(self.words)}"


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def commands(page: Path, program: str) -> Iterator[Command]:
    for block in _BLOCK.finditer(page.read_text(encoding="utf-8")):
        for line in block[2].replace("\\\n", " ").splitlines():
            for words in simple_commands(line):
                if Path(words[0]).name == program:
                    yield Command(name_of(page), tuple(words[1:]))


def simple_commands(line: str) -> Iterator[list[str]]:
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    words: list[str] = []
    for word in [*lexer, ";"]:
        if not _OPERATORS.fullmatch(word):
            words.append(word)
            continue
        while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
            words.pop(0)
        if words:
            yield words
        words = []


def every(program: str) -> list[Command]:
    return [command for page in PAGES for command in commands(page, program)]


def slugs(page: Path) -> set[str]:
    text = _ANY_BLOCK.sub("", page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", found[1].lower()).replace(" ", "-") for found in _HEADING.finditer(text)}


def links(page: Path) -> list[str]:
    text = _SPAN.sub("", _ANY_BLOCK.sub("", page.read_text(encoding="utf-8")))
    return [link for link in _LINK.findall(text) if not re.match(r"[a-z]+:", link)]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    broken = []
    for link in links(page):
        path, _, heading = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (heading and heading not in slugs(target)):
            broken.append(link)
    assert broken == []


def test_every_page_is_listed_in_the_contents() -> None:
    listed = {(INDEX.parent / link.partition("#")[0]).resolve() for link in links(INDEX)}
    assert [name_of(page) for page in PAGES if page != INDEX and page not in listed] == []


def test_commands_are_found_in_the_pages() -> None:
    shown = {command.words[0] for command in every("preflight")}
    assert shown == set(preflight.commands)


@pytest.mark.parametrize(
    "command", every("preflight"), ids=lambda command: f"{command.page}: {shlex.join(command.words)}"
)
def test_every_command_shown_parses(command: Command) -> None:
    name, *words = command.words
    known = preflight.commands[name]
    context = click.Context(known, info_name=name)
    given, rest, _ = known.make_parser(context).parse_args(list(words))
    assert rest == []
    assert given.get("fault", next(iter(FAULTS))) in FAULTS
    assert (CONTRACTS / "profiles" / f"{given.get('profile', 'full')}.yaml").is_file()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_option_for_pytest_exists(page: Path, pytestconfig: pytest.Config) -> None:
    for option in _PYTEST_OPTION.findall(page.read_text(encoding="utf-8")):
        pytestconfig.getoption(option)
