"""Certifying: makes a statement and its evidence bundle of a run that keeps everything a profile requires."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from preflight import __version__, paths
from preflight.catalog.catalog import SUITE_SUFFIXES, digest, load_catalog
from preflight.catalog.nearest import nearest
from preflight.catalog.requirements import (
    RequirementSet,
    Weight,
    digests_of,
    file_of,
    load_requirements,
    released,
    versions,
)
from preflight.certificate.appraisal import Ground, appraise, in_words
from preflight.certificate.bundle import REQUIREMENTS, digests_in, pack
from preflight.certificate.canonical import spell
from preflight.certificate.cases import id_of
from preflight.certificate.statement import Statement, to_json
from preflight.certificate.stating import Wish, state
from preflight.errors import CertificateError, ExitCode, UsageError
from preflight.model.release import Release
from preflight.model.run import Run
from preflight.model.verdict import Verdict, worst

_LONGEST_ALIAS: Final = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is to be signed, and the bundle that goes with it."""

    statement: Statement
    bundle: bytes

    @property
    def payload(self) -> bytes:
        """The statement in its one spelling."""
        return spell(to_json(self.statement))


def draft(run: Run, files: Mapping[str, bytes], wish: Wish) -> Draft:
    """Make a statement of a run; `files` are run.json and what else goes into the bundle.

    Raises:
        CertificateError: when the run cannot be certified; says on which grounds.
        UsageError: when there is no such requirement set, or the alias cannot stand in a certificate.
        FileError: when a file of contracts/ is wrong.
    """
    path = _set_file(wish)
    asked = load_requirements(path)
    _insist_on_alias(wish.alias)
    _insist_on_same_basis(run)
    found = appraise(run, asked)
    grounds = (*found.grounds, *_unplayed(run, asked))
    if grounds:
        raise _refusal(run, grounds, wish)
    bundle = pack({**files, REQUIREMENTS: path.read_bytes()})
    statement = state(run, found, wish, digests_in(bundle))
    if statement.expires <= wish.now:
        day = f"{statement.expires:%Y-%m-%d}"
        raise _unsuitable(
            f"the run is of {statement.started:%Y-%m-%d}, and a certificate of it would have expired on {day}",
            "run again; a certificate holds from the start of its run, and --valid-days says how long",
        )
    return Draft(statement=statement, bundle=bundle)


def _set_file(wish: Wish) -> Path:
    """Find the requirement set, which is what it was when its version was released."""
    path = file_of(wish.requirements, wish.profile)
    if wish.requirements not in versions():
        raise UsageError(
            f"there are no requirement sets of version {wish.requirements!r}",
            hint=nearest(wish.requirements, versions(), what="versions"),
        )
    digests = digests_of(wish.requirements)
    if wish.profile not in digests:
        raise UsageError(f"unknown profile {wish.profile!r}", hint=nearest(wish.profile, digests, what="profiles"))
    noted = released().get(wish.requirements)
    if noted is not None and noted != digests:
        raise UsageError(
            f"the requirement sets of {wish.requirements} are not those that were released",
            hint="install Preflight again",
        )
    return path


def _insist_on_alias(alias: str) -> None:
    # Printable is what has no control, no half character, and nothing that turns the direction of reading.
    if not (0 < len(alias) <= _LONGEST_ALIAS and alias.isprintable() and alias == alias.strip()):
        raise UsageError(
            f"{alias!r:.100} cannot stand in a certificate as the name of a target",
            hint="give with --alias a name of one line and at most 80 characters",
        )


def _insist_on_same_basis(run: Run) -> None:
    """Accept a run that was judged by this version of Preflight, with all that came with it.

    Raises:
        CertificateError: when it was judged by something else.
    """
    if run.environment.get("preflight") != __version__:
        raise _unsuitable(
            f"the run was made by Preflight {run.environment.get('preflight')}, and this is {__version__}",
            "run again with this version, or certify with that one",
        )
    own = {
        "contracts": digest(paths.CONTRACTS),
        "errata": digest(paths.CONTRACTS / "errata"),
        "suites": digest(paths.SUITES, SUITE_SUFFIXES),
    }
    for name, value in own.items():
        if run.environment.get(name) != value:
            raise _unsuitable(
                f"the run was judged by other {name} than those of this Preflight",
                "run again, without --contracts; what others cannot look up is not certified",
            )


def _unplayed(run: Run, asked: RequirementSet) -> Iterator[Ground]:
    """Object where cases of the profile were left out, as pytest's own options can do."""
    release = Release.parse(run.release)
    wanted = {name.operation for name, one in asked.at(release).items() if one.weight is not Weight.UNJUDGED}
    cases = (case for case in load_catalog(release).cases if case.operation in wanted)
    played = {case.id for case in run.cases}
    missing = [name for name in map(id_of, cases) if name not in played]
    if missing:
        words = "cases were left out, so the run was filtered"
        yield Ground(verdict=Verdict.INCONCLUSIVE, words=words, about=tuple(sorted(missing)))


def _refusal(run: Run, grounds: tuple[Ground, ...], wish: Wish) -> CertificateError:
    broken = worst(ground.verdict for ground in grounds) is Verdict.FAIL
    return CertificateError(
        f"no certificate of the profile {wish.profile}: {in_words(grounds)}",
        hint=f"see the report of the run {run.id}; mend what it says, and run the whole profile again",
        exit_code=ExitCode.BROKEN if broken else ExitCode.INCONCLUSIVE,
    )


def _unsuitable(what: str, hint: str) -> CertificateError:
    return CertificateError(f"no certificate: {what}", hint=hint, exit_code=ExitCode.INCONCLUSIVE)
