"""Mistakes in files: each is told with file, line, what was found and the nearest that would be right."""

from typing import NamedTuple

import pytest

from preflight.errors import ExitCode, FileError
from tests.catalog.miniature import Miniature


class Mistake(NamedTuple):
    """One change of the miniature; `at` is part of the line that the error must name."""

    name: str
    file: str
    old: str
    new: str
    at: str
    says: str
    hint: str = ""


MISTAKES = (
    Mistake(
        name="a contract that is no YAML",
        file="rest/rooms.yaml",
        old="  /api/v1/rooms.info:\n",
        new="  /api/v1/rooms.info: [\n",
        at="externalDocs: {url: https://pages.invalid/rooms-info}",
        says="is no YAML",
    ),
    Mistake(
        name="an unknown method",
        file="rest/rooms.yaml",
        old="    get:\n",
        new="    fetch:\n",
        at="    fetch:",
        says="'fetch' cannot stand here",
        hint="did you mean 'patch'?",
    ),
    Mistake(
        name="a release of a change that is none",
        file="rest/rooms.yaml",
        old="7.1.0",
        new="soon",
        at="soon",
        says="'soon' is no release",
        hint="6.4.1",
    ),
    Mistake(
        name="a reference that names nothing",
        file="rest/rooms.yaml",
        old="properties/_id}",
        new="properties/_ids}",
        at="    get:",
        says="names nothing",
        hint="did you mean '_id'?",
    ),
    Mistake(
        name="a refusal twice in one status",
        file="rest/rooms.yaml",
        old="- {id: log-in,",
        new="- {id: log-in, body: {}}\n          - {id: log-in,",
        at="    get:",
        says="has the refusal 401.log-in twice",
        hint="log-in~the-text",
    ),
    Mistake(
        name="an erratum's releases that are no range",
        file="errata/rooms.yaml",
        old="releases: '<8.6'",
        new="releases: before 8.6",
        at="before 8.6",
        says="is no release range",
        hint=">=7.0",
    ),
    Mistake(
        name="a target that is no JSONPath",
        file="errata/rooms.yaml",
        old="[?@.name=='fields']",
        new="[?@.name==",
        at="[?@.name==",
        says="is no JSONPath",
        hint="RFC 9535",
    ),
    Mistake(
        name="an action that matches nothing",
        file="errata/rooms.yaml",
        old="[?@.name=='fields']",
        new="[?@.name=='filter']",
        at="x-erratum: fields-are-gone",
        says="erratum fields-are-gone matches nothing",
        hint="mend the target",
    ),
    Mistake(
        name="an action of an unknown erratum",
        file="errata/rooms.yaml",
        old="- x-erratum: fields-are-gone",
        new="- x-erratum: fields-are-gon",
        at="x-erratum: fields-are-gon",
        says="unknown erratum 'fields-are-gon'",
        hint="did you mean 'fields-are-gone'?",
    ),
    Mistake(
        name="an erratum of an unknown operation",
        file="errata/rooms.yaml",
        old="  fields-are-gone:\n    operations: [GET rooms.info]",
        new="  fields-are-gone:\n    operations: [GET rooms.inf]",
        at="GET rooms.inf]",
        says="'GET rooms.inf' selects no operation",
        hint="did you mean 'GET rooms.info'?",
    ),
    Mistake(
        name="an action beyond its erratum's operations",
        file="errata/rooms.yaml",
        old="  fields-are-gone:\n    operations: [GET rooms.info]",
        new="  fields-are-gone:\n    operations: [POST rooms.rename]",
        at="target: $.paths['/api/v1/rooms.info'].get.parameters",
        says="changes GET rooms.info, which erratum fields-are-gone does not name",
        hint="narrow the target",
    ),
    Mistake(
        name="an erratum without evidence",
        file="errata/rooms.yaml",
        old="    evidence: [observed on a miniature]\n  archived",
        new="  archived",
        at="  usernames-are-strings:",
        says="'evidence' is missing",
    ),
    Mistake(
        name="an action that does nothing",
        file="errata/rooms.yaml",
        old="  remove: true",
        new="  remove: false",
        at="x-erratum: fields-are-gone",
        says="either update or remove",
        hint="keep one",
    ),
    Mistake(
        name="an update of a text",
        file="errata/rooms.yaml",
        old="].get.parameters[?@.name=='fields']\n  remove: true",
        new="].get.parameters[*].name\n  update: {a: 1}",
        at=".parameters[*].name",
        says="which an object cannot update",
        hint="name the object",
    ),
    Mistake(
        name="a case of an unknown operation",
        file="cases/rooms.yaml",
        old="  GET rooms.info:",
        new="  GET rooms.inof:",
        at="GET rooms.inof",
        says="unknown operation 'GET rooms.inof'",
        hint="did you mean 'GET rooms.info'?",
    ),
    Mistake(
        name="an unknown key",
        file="cases/rooms.yaml",
        old="        as: bob",
        new="        who: bob",
        at="who: bob",
        says="unknown key 'who'",
        hint="valid keys here",
    ),
    Mistake(
        name="a missing key",
        file="cases/rooms.yaml",
        old="title: no id is given",
        new="titel: no id is given",
        at="nothing-given:",
        says="'title' is missing",
    ),
    Mistake(
        name="a wrong type",
        file="cases/rooms.yaml",
        old="absent: [/team]",
        new="absent: /team",
        at="absent: /team",
        says="found '/team', expected an array",
    ),
    Mistake(
        name="a case of an unknown person",
        file="cases/rooms.yaml",
        old="        as: bob",
        new="        as: rob",
        at="as: rob",
        says="unknown person 'rob'",
        hint="did you mean 'bob'?",
    ),
    Mistake(
        name="a case with an unknown placeholder",
        file="cases/rooms.yaml",
        old="query: {roomId: '{alice.room.id}'}",
        new="query: {roomId: '{alice.rom.id}'}",
        at="alice.rom.id",
        says="unknown placeholder {alice.rom.id}",
        hint="did you mean 'alice.room.id'?",
    ),
    Mistake(
        name="a brace that is not doubled",
        file="cases/rooms.yaml",
        old="'{{\"name\": 1}}'",
        new="'{\"name\": 1}'",
        at="fields: '{",
        says="is no placeholder",
        hint="stand for braces",
    ),
    Mistake(
        name="a case's releases that are no range",
        file="cases/rooms.yaml",
        old="releases: '<8.0'",
        new="releases: '8'",
        at="releases: '8'",
        says="is no release range",
        hint=">=7.0",
    ),
    Mistake(
        name="an unknown refusal",
        file="cases/rooms.yaml",
        old="refusal: 400.error-no-room",
        new="refusal: 400.error-no-rom",
        at="refusal: 400.error-no-rom",
        says="unknown claim: GET rooms.info has no refusal 400.error-no-rom",
        hint="did you mean '400.error-no-room'?",
    ),
    Mistake(
        name="an unknown parameter",
        file="cases/rooms.yaml",
        old="omits: [query.roomId]",
        new="omits: [query.roomid]",
        at="omits: [",
        says="unknown parameter 'query.roomid'",
        hint="did you mean 'query.roomId'?",
    ),
    Mistake(
        name="a claim that is not there to be shown",
        file="cases/rooms.yaml",
        old="        query: {roomId: '{alice.room.id}'}\n",
        new="        query: {roomId: '{alice.room.id}'}\n        shows: ['field:200.rooms']\n",
        at="shows: [",
        says="unknown claim: GET rooms.info has no field 200.rooms at 8.0",
        hint="did you mean 'field:200.room'?",
    ),
    Mistake(
        name="a claim of a kind that no answer shows",
        file="cases/rooms.yaml",
        old="        query: {roomId: '{alice.room.id}'}\n",
        new="        query: {roomId: '{alice.room.id}'}\n        shows: ['route']\n",
        at="shows: [",
        says="'route'",
        hint="field:200.PATH",
    ),
    Mistake(
        name="a setting that is found in one case and changed in another",
        file="cases/rooms.yaml",
        old="      nothing-given:\n        title: no id is given\n",
        new="""      nothing-found:
        title: a provider is found
        needs: {found: {Provider: deepl}}
        refusal: 400.error-no-room
      nothing-given:
        title: no id is given
        needs: {settings: {Provider: google}}
""",
        at="needs: {settings:",
        says="the setting Provider must be found as it is by GET rooms.info/nothing-found",
        hint="never changed",
    ),
    Mistake(
        name="a placeholder that no step takes",
        file="cases/rooms.yaml",
        old="take: {id: /channel/_id}",
        new="take: {room: /channel/_id}",
        at="{before.id}",
        says="unknown placeholder {before.id}",
        hint="did you mean",
    ),
    Mistake(
        name="a thing with an unknown placeholder",
        file="cast.yaml",
        old="'{bob.username}'",
        new="'{bobby.username}'",
        at="bobby",
        says="unknown placeholder {bobby.username}",
        hint="did you mean 'bob.username'?",
    ),
    Mistake(
        name="a step of an unknown person",
        file="cast.yaml",
        old="    - as: bob",
        new="    - as: carol",
        at="- as: carol",
        says="unknown person 'carol'",
        hint="valid people",
    ),
    Mistake(
        name="a thing that needs itself",
        file="cast.yaml",
        old="'{run.prefix}-room'",
        new="'{alice.room.id}'",
        at="alice.room.id",
        says="unknown placeholder {alice.room.id}",
    ),
    Mistake(
        name="a thing that outlives what it needs",
        file="cast.yaml",
        old="'{run.prefix}-room'",
        new="'{alice.message.id}'",
        at="alice.message.id",
        says="alice.room lives for the run and needs alice.message",
        hint="let alice.message live",
    ),
    Mistake(
        name="an unknown life",
        file="cast.yaml",
        old="lives: case",
        new="lives: forever",
        at="lives: forever",
        says="expected run or case",
        hint="valid values",
    ),
    Mistake(
        name="a profile of no operation",
        file="profiles/rooms.yaml",
        old="rooms.*",
        new="romms.*",
        at="romms",
        says="'romms.*' selects no operation",
    ),
    Mistake(
        name="an unknown strictness",
        file="profiles/rooms.yaml",
        old="typed",
        new="tpyed",
        at="tpyed",
        says="found 'tpyed'",
        hint="did you mean 'typed'?",
    ),
    Mistake(
        name="an unknown kind of claim",
        file="profiles/rooms.yaml",
        old="kinds: [route, field]",
        new="kinds: [route, feild]",
        at="feild",
        says="found 'feild'",
        hint="did you mean 'field'?",
    ),
)


@pytest.mark.parametrize("mistake", MISTAKES, ids=[mistake.name for mistake in MISTAKES])
def test_a_mistake_is_told_with_file_line_and_hint(miniature: Miniature, mistake: Mistake) -> None:
    miniature.change(mistake.file, mistake.old, mistake.new)
    with pytest.raises(FileError) as caught:
        miniature.load("8.0")
    error = caught.value
    line = miniature.line_of(mistake.file, mistake.at)
    assert error.what.startswith(f"{miniature.root / mistake.file}:{line}: ")
    assert mistake.says in error.what
    assert mistake.hint in error.hint
    assert error.exit_code == ExitCode.USAGE


def test_things_that_need_each_other_are_refused(miniature: Miniature) -> None:
    miniature.change("cast.yaml", "lives: run", "lives: case")
    miniature.change("cast.yaml", "'{run.prefix}-room'", "'{alice.message.id}'")
    with pytest.raises(FileError, match=r"in a circle: alice.room → alice.message → alice.room"):
        miniature.load()


def test_an_operation_in_two_files_is_refused(miniature: Miniature) -> None:
    miniature.write("rest/other.yaml", (miniature.root / "rest/rooms.yaml").read_text())
    with pytest.raises(FileError, match=r"GET rooms.info stands in other.yaml already"):
        miniature.load()


def test_a_case_in_two_files_is_refused(miniature: Miniature) -> None:
    miniature.write("cases/zoo.yaml", (miniature.root / "cases/rooms.yaml").read_text())
    with pytest.raises(FileError, match=r"case GET rooms.info/by-id stands in rooms.yaml:4 already"):
        miniature.load()


def test_an_erratum_in_two_files_is_refused(miniature: Miniature) -> None:
    miniature.write("errata/zoo.yaml", (miniature.root / "errata/rooms.yaml").read_text())
    with pytest.raises(FileError, match=r"usernames-are-strings stands in rooms.yaml already"):
        miniature.load()
