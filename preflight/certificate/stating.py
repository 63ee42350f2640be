"""Stating: the statement that follows from a run, its appraisal and a wish; the same to certify and to verify."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from preflight.certificate.appraisal import Appraisal
from preflight.certificate.bundle import Digests
from preflight.certificate.statement import Basis, Statement, Target
from preflight.model.run import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is asked to be certified, and what no run tells.

    `requirements` is the version whose set is asked for; `now` is when it is asked; `valid` how long the certificate
    holds from the start of the run; `bundle` is the name that the evidence bundle will have.
    """

    profile: str
    requirements: str
    alias: str
    now: datetime
    valid: timedelta
    bundle: str


def state(run: Run, found: Appraisal, wish: Wish, digests: Digests) -> Statement:
    """Give the statement."""
    about = run.environment
    started = datetime.fromisoformat(run.started).astimezone(UTC).replace(microsecond=0)
    return Statement(
        target=Target(
            alias=wish.alias,
            address=run.target,
            release=run.release,
            server=about.get("server", ""),
            edition=about.get("edition", ""),
            mock=about.get("mock") == "yes",
        ),
        profile=wish.profile,
        requirements=wish.requirements,
        basis=Basis(
            preflight=about.get("preflight", ""),
            contracts=about.get("contracts", ""),
            errata=about.get("errata", ""),
            suites=about.get("suites", ""),
            requirements=digests.requirements,
            waivers=about.get("waivers", ""),
        ),
        run_id=run.id,
        run_digest=digests.run,
        bundle=wish.bundle,
        bundle_digest=digests.whole,
        seed=about.get("seed", ""),
        started=started,
        issued=wish.now,
        expires=started + wish.valid,
        passed=found.passed,
        remarks=found.remarks,
        not_applicable=found.not_applicable,
        not_required=found.not_required,
    )
