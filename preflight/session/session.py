"""A session: from the first word with the target to the run that came of it."""

import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from preflight import __version__, paths
from preflight.catalog.catalog import SUITE_SUFFIXES, digest
from preflight.catalog.nearest import nearest
from preflight.catalog.vocabulary import vocabulary
from preflight.catalog.waivers import load_waivers
from preflight.checks.known import CHECKS
from preflight.errors import TargetError, UsageError
from preflight.model.merging import SHARD
from preflight.model.operation import OperationKey
from preflight.model.release import Release
from preflight.model.run import ALIAS, Run
from preflight.model.shard import Shard
from preflight.session.casting import ABSENT, Casting, is_administrator
from preflight.session.circumstances import CircumstanceError
from preflight.session.clearing import Clearing
from preflight.session.company import ADMIN, Company, Marks, new_prefix
from preflight.session.connections import Connections
from preflight.session.discovery import CALLS, WINDOW, Capabilities, discover
from preflight.session.edition import is_enterprise
from preflight.session.ground import Ground
from preflight.session.guard import Guard
from preflight.session.journal import Heading, Journal
from preflight.session.keeper import RightsKeeper, SettingsKeeper
from preflight.session.performance import Part, Performance
from preflight.session.pseudonyms import Pseudonyms
from preflight.session.reach import PATIENCE_S
from preflight.session.recorder import Circumstance, Listener, Measures, Recorder
from preflight.session.renewal import Renewal
from preflight.session.renewal import told as renewed_logins
from preflight.session.selection import Loader, Selection, select
from preflight.session.snapshots import WITNESS
from preflight.session.stage import Stage, iso
from preflight.session.waiving import Waiving
from preflight.settings import Account, Depth, alias_of
from preflight.wire.pace import Pace
from preflight.wire.redaction import Redactor
from preflight.wire.rest import RestClient
from preflight.wire.workspace import Login, enter, identify, learn_account, log_out, release_of

_MAKES_PEOPLE = "create-user"


def new_run_id() -> str:
    """Make the id of a run: when it started, and a random end."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"


def new_seed() -> int:
    """Choose a seed, small enough to be typed."""
    return secrets.randbelow(1_000_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a session is asked to judge, and where.

    `accounts` are those that play the people of the run, by whom they play; without any the people are created.
    `alias` None calls the target by its host. `disruptive` None lets Preflight change settings for the moment on a mock
    workspace only. `seed` decides which requests are generated, and nothing else. `patience_s` is for how long a run
    waits, in all, for a target that has stopped answering.
    """

    target: str
    account: Account
    accounts: Mapping[str, Account] = field(default_factory=dict)
    alias: str | None = None
    release: str | None = None
    only: tuple[str, ...] = ()
    profile: str = "full"
    shard: Shard | None = None
    contracts: Path = paths.CONTRACTS
    waivers: Path | None = None
    disruptive: bool | None = None
    read_only: bool = False
    timeout_s: float = 15.0
    max_minutes: float | None = None
    people_key: str = field(default="", repr=False)
    ca_bundle: Path | None = None
    patience_s: float = PATIENCE_S
    journal: Path | None = None
    run_id: str = field(default_factory=new_run_id)
    seed: int = field(default_factory=new_seed)
    depth: Depth = Depth.STANDARD


@dataclass(frozen=True, kw_only=True)
class Session:
    """A target that has been logged in to, ready for performances; `close` gives the run."""

    release: Release
    selection: Selection
    ground: Ground
    plan: Plan
    client: RestClient = field(repr=False)
    admin: Login = field(repr=False)
    company: Company = field(repr=False)
    journal: Journal = field(repr=False)
    circumstance: Circumstance
    renewal: Renewal = field(repr=False)
    capabilities: Capabilities = field(default_factory=Capabilities)

    def perform(self, key: OperationKey, part: Part) -> Performance:
        """Open the performance of one case."""
        return Performance(self.ground, self.selection.catalog.contracts[key], part)

    def close(self, *, interrupted: bool = False) -> Run:
        """Remove everything that was created, say what could not be, and give the run."""
        recorder = self.ground.recorder
        clearing = Clearing(ground=self.ground, admin=lambda: self.renewal.current(self.admin))
        is_cleared = False
        try:
            recorder.leftovers.extend(clearing.clear(is_patient=not interrupted))
            is_cleared = True
            with suppress(TargetError):  # a token ends by itself one day
                self.company.leave()
                if not self.plan.account.auth_token:
                    log_out(self.client, self.renewal.current(self.admin))
        except (TargetError, CircumstanceError) as problem:
            why = self.client.redactor.clean(str(problem).partition("\n")[0])
            recorder.leftovers.extend(clearing.given_up(why))
        finally:
            if is_cleared:  # a journal that does not say so is one to sweep
                self.journal.end(len(recorder.leftovers))
            self.journal.close()
            self.ground.ghosts.close()
            self.ground.stage.connections.close()
            self.client.close()
        for case, outcomes, exchanges in self.ground.audit.results():
            recorder.record(case, outcomes, exchanges)
        recorder.outcomes[:] = self.ground.causes.counted(recorder.outcomes)
        pace = self.client.pace
        limiter = {"limiter": f"on; waited {pace.waited_s:.0f} s"} if pace.is_limited else {}
        run = recorder.run(
            replace(
                self.circumstance,
                environment={**self.circumstance.environment, **limiter, **renewed_logins(self.renewal)},
            ),
            self.selection.catalog,
            self.selection.claims,
            Measures(
                duration_s=perf_counter() - self.ground.started,
                requests=self.client.requests_sent + self.ground.stage.connections.calls_sent,
                interrupted=interrupted,
                waits=pace.waits,
                outages=self.ground.reach.outages,
            ),
        )
        if not self.plan.people_key:
            return run
        known = vocabulary(self.plan.contracts)
        return Pseudonyms(key=self.plan.people_key, is_ordinary=lambda word: word in known).applied(run)


def open_session(
    plan: Plan, listener: Listener | None = None, *, load: Loader | None = None, pace: Pace | None = None
) -> Session:
    """Talk to a target for the first time: what is it, who may we be, what is to be judged.

    Raises:
        UsageError: when the plan cannot be carried out.
        FileError: when a file of contracts/ is wrong.
        TargetError: when the target does not answer as a Rocket.Chat.
        LoginError: when the target refuses the login.
    """
    client = RestClient(
        plan.target,
        Redactor(lambda word: word in vocabulary(plan.contracts)),
        timeout_s=plan.timeout_s,
        pace=pace,
        ca_bundle=plan.ca_bundle,
    )
    try:
        return _opened(plan, client, listener, load)
    except BaseException:
        client.close()
        raise


def _opened(plan: Plan, client: RestClient, listener: Listener | None, load: Loader | None) -> Session:
    started, clock = datetime.now(UTC), perf_counter()
    for actor, account in {ADMIN: plan.account, **plan.accounts}.items():
        learn_account(client, actor, account)
    identity = identify(client)
    release = release_of(identity, plan.release)
    selection = select(
        release, only=plan.only, profile=plan.profile, shard=plan.shard, contracts=plan.contracts, load=load
    )
    admin = enter(client, ADMIN, plan.account)
    client.renewing = renewal = Renewal(client)
    renewal.keep(admin, plan.account)
    enterprise = is_enterprise(client, admin)
    capabilities = discover(client, admin)
    client.pace.assume(capabilities.number(CALLS), capabilities.number(WINDOW))
    journal = Journal(plan.journal)
    may_change = not plan.read_only and (identity.is_mock if plan.disruptive is None else plan.disruptive)
    rights = RightsKeeper(client, journal, admin, may_change=may_change)
    casting = _casting(plan, admin, capabilities)
    marks = Marks(run=plan.run_id, prefix=new_prefix())
    journal.begin(
        Heading(
            run=plan.run_id,
            prefix=marks.prefix,
            target=client.base_url,
            account=admin.username,
            account_id=admin.user_id,
            started=iso(started),
            alone=bool(casting.stand_in) and not plan.read_only,
        )
    )
    client.watch = guard = Guard(
        selection.catalog.effects,
        journal,
        prefix=marks.prefix,
        account=frozenset({admin.username, admin.user_id}),
        read_only=plan.read_only,
    )
    cast = selection.catalog.cast
    for person in plan.accounts:
        if person not in cast.people:
            raise UsageError(
                f"the accounts name {person}, whom no case knows", hint=nearest(person, cast.people, what="people")
            )
    guard.closed = casting.closed
    company = Company(
        client,
        journal,
        admin=admin,
        names={name: person.name for name, person in cast.people.items()},
        marks=marks,
        casting=casting,
        renewal=renewal,
        introduce=lambda actor, login: guard.meets(actor, login.user_id, login.username),
    )
    known = load_waivers(plan.waivers).at(release, selection.catalog.contracts, tuple(CHECKS))
    waiving = Waiving(waivers=known, today=started.date())
    ground = Ground(
        stage=Stage(
            client=client,
            journal=journal,
            company=company,
            cast=cast,
            marks=marks,
            started=started,
            connections=Connections(client),
            guard=guard,
        ),
        keeper=SettingsKeeper(client, journal, admin, may_change=may_change),
        rights=rights,
        recorder=Recorder(listener),
        catalog=selection.catalog,
        claims=selection.claims,
        strictness=selection.catalog.profiles[plan.profile].strictness,
        enterprise=enterprise,
        started=clock,
        read_only=plan.read_only,
        waiving=waiving,
        seed=plan.seed,
        depth=plan.depth,
        patience_s=plan.patience_s,
    )
    client.listener = ground.audit.hear
    circumstance = Circumstance(
        id=plan.run_id,
        target=client.base_url,
        release=str(release),
        profile=plan.profile,
        started=iso(started),
        environment={
            "preflight": __version__,
            "contracts": selection.catalog.digest,
            "errata": digest(plan.contracts / "errata"),
            "suites": digest(paths.SUITES, SUITE_SUFFIXES),
            "strictness": str(ground.strictness),
            "edition": ground.edition,
            "server": identity.version,
            "mock": "yes" if identity.is_mock else "no",
            "only": ", ".join(plan.only),
            "mode": "read-only" if plan.read_only else "disruptive" if may_change else "non-disruptive",
            "seed": str(plan.seed),
            "depth": str(plan.depth),
            "cast": casting.told,
            ALIAS: alias_of(plan.target, plan.alias),
            **capabilities.environment(),
            **({"people": "pseudonyms"} if plan.people_key else {}),
            **({"max minutes": f"{plan.max_minutes:g}"} if plan.max_minutes else {}),
            **({SHARD: str(plan.shard)} if plan.shard else {}),
            **({"waivers": waiving.waivers.digest} if plan.waivers else {}),
        },
        waiving=waiving,
    )
    return Session(
        plan=plan,
        client=client,
        admin=admin,
        release=release,
        selection=selection,
        ground=ground,
        company=company,
        journal=journal,
        circumstance=circumstance,
        renewal=renewal,
        capabilities=capabilities,
    )


def _casting(plan: Plan, account: Login, capabilities: Capabilities) -> Casting:
    """Give the parts out: to those given, to people who are created, or to the account alone where none can be."""
    if plan.accounts:
        return Casting(closed=f"--accounts names no account for {ABSENT}, and nobody is created", given=plan.accounts)
    if plan.read_only:
        return Casting(closed=f"--read-only: nobody is created, so there is no {ABSENT}", stand_in=WITNESS)
    if is_administrator(account) or capabilities.rights.get(_MAKES_PEOPLE) is not False:
        return Casting()
    return Casting(
        closed=f"it takes a second person, and the account of the run may create none (permission {_MAKES_PEOPLE})",
        stand_in=WITNESS,
    )
