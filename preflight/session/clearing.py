"""Clearing: what a run made or changed is taken back at its end, and what cannot be is told."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from preflight.errors import TargetError
from preflight.model.json import as_object
from preflight.model.run import Leftover
from preflight.session.circumstances import CircumstanceError
from preflight.session.ground import Ground
from preflight.session.journal import Entry, Intent, Journal
from preflight.session.remains import remove_remains
from preflight.session.search import remove_unconfirmed
from preflight.session.stage import undo_all
from preflight.wire.workspace import Login

_KEPT = ("user ", "setting ", "permission ")  # taken back in their own turn


@dataclass(frozen=True, kw_only=True)
class Clearing:
    """Clears the workspace of a run; `admin` gives the login of the account that the run works with."""

    ground: Ground
    admin: Callable[[], Login]

    def clear(self, *, is_patient: bool) -> list[Leftover]:
        """Clear the workspace; what is left is tried once more, where the target stopped answering when it is back.

        Raises:
            CircumstanceError: when it does not come back.
            TargetError: when it stops again, or is not waited for.
        """
        if not is_patient:
            return self._clear()
        reach = self.ground.reach
        reach.must_answer_at_last()
        try:
            left = self._clear()
        except (TargetError, CircumstanceError) as problem:
            reach.doubt(problem.what if isinstance(problem, TargetError) else str(problem))
        else:
            if not left:
                return left
            reach.doubt(left[0].why)  # a gateway answers as well while the target behind it is away
        reach.must_answer()
        return self._clear()

    def given_up(self, why: str) -> list[Leftover]:
        """Tell of everything that stands, or may stand, where it could not be cleared."""
        standing = [Leftover(what=entry.what, why=why) for entry in self._journal.standing]
        return [*standing, *map(_never_answered, self._journal.unanswered)]

    @property
    def _journal(self) -> Journal:
        return self.ground.stage.journal

    def _clear(self) -> list[Leftover]:
        stage, journal = self.ground.stage, self._journal
        left = [
            Leftover(what=f"{keeper.kind} {name}", why=why)
            for keeper in (self.ground.rights, self.ground.keeper)
            for name, why in keeper.restore()
        ]
        people = [entry for entry in journal.standing if entry.what.startswith("user ")]
        left += self._undo(entry for entry in journal.standing if not entry.what.startswith(_KEPT))
        if not stage.company.is_led:
            left += [_never_answered(one) for one in journal.unanswered if self._is_apart(one.what)]
        elif journal.unanswered or journal.refusals or journal.unsure or stage.forgotten:
            left += self._searched()
        here = {as_object(entry.undo.body).get("userId") for entry in people}
        left += remove_remains(stage.client, stage.company, self.admin(), self._is_new, lambda id_: id_ not in here)
        left += self._undo(people)
        return left

    def _is_new(self, name: str) -> bool:
        guard = self.ground.stage.guard
        return guard is not None and guard.knows(name)

    def _searched(self) -> list[Leftover]:
        """Remove what was created and never answered; what cannot be looked for is told."""
        left, inventory = remove_unconfirmed(self.ground.stage, self.admin())
        unanswered = self._journal.unanswered
        # By no name nobody is found; rooms and teams are, whoever made them, unless they cannot be listed.
        nameless = (one for one in unanswered if self._is_person(one.what) and not one.names)
        return [*left, *map(_never_answered, unanswered if inventory.unseen else nameless)]

    def _is_person(self, what: str) -> bool:
        return what.startswith("user ") or self._made_by(what) == "users.create"

    def _is_apart(self, what: str) -> bool:
        """Whether something is no room, so that it is not found among the rooms of people."""
        return self._is_person(what) or self._made_by(what) == "teams.create"

    def _made_by(self, what: str) -> str:
        thing = self.ground.catalog.cast.things.get(what)
        return thing.steps[0].route if thing else ""

    def _undo(self, entries: Iterable[Entry]) -> list[Leftover]:
        clean = self.ground.stage.client.redactor.clean
        return [Leftover(what=entry.what, why=clean(why)) for entry, why in undo_all(self.ground.stage, tuple(entries))]


def _never_answered(intent: Intent) -> Leftover:
    return Leftover(what=intent.what, why="whether it was created was never answered")
