"""Ghosts: people who were logged in and are let in no more, with the tokens that they had.

They are made the first time that somebody asks for them. Each opened a realtime connection while it was alive.
"""

import secrets
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field

from preflight.errors import LoginError, TargetError
from preflight.model.json import JsonObject, as_object
from preflight.session.circumstances import (
    CircumstanceError,
    GatewayError,
    RateLimitedError,
    demand,
    refuse_others,
    succeeded,
    told,
)
from preflight.session.company import ADMIN
from preflight.session.journal import Undo
from preflight.session.stage import Stage
from preflight.wire.rest import API, Answer, Ask
from preflight.wire.talk import Talk
from preflight.wire.workspace import Login, log_in, log_out

POLICY = "aA1!"  # what password policies ask for beside length
CONNECT: JsonObject = {"msg": "connect", "version": "1", "support": ["1", "pre2", "pre1"]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ghost:
    """Somebody of before: `how` says what became of them, `talk` is the connection that they had, if one opened."""

    how: str
    login: Login
    talk: Talk | None


@dataclass(kw_only=True)
class Ghosts:
    """Makes people, logs them in, and lets them go in every way in which somebody can lose the right to enter."""

    stage: Stage
    _made: tuple[Ghost, ...] = ()
    _why_not: str = ""
    _tries: int = 0
    _open: ExitStack = field(default_factory=ExitStack)

    def all(self) -> tuple[Ghost, ...]:
        """Give a ghost of each kind.

        Raises:
            CircumstanceError: when one of them cannot be made; the next who asks is told the same, unless the network
                or the limiter stood in the way.
            TargetError: when an answer is lost.
        """
        if self._why_not:
            raise CircumstanceError(self._why_not)
        if not self._made:
            self._tries += 1
            try:
                self._made = tuple(self._ghost(name, how) for name, (how, _) in self._ways.items())
            except (GatewayError, RateLimitedError):
                raise
            except CircumstanceError as problem:
                self._why_not = str(problem)
                raise
        return self._made

    def close(self) -> None:
        """Let their connections go."""
        self._open.close()

    @property
    def _ways(self) -> Mapping[str, tuple[str, Callable[[Login], None]]]:
        return {
            "loggedout": ("somebody who has logged out", self._log_out),
            "deactivated": ("somebody whose account was deactivated", self._deactivate),
            "deleted": ("somebody whose account was deleted", self._delete),
        }

    def _ghost(self, name: str, how: str) -> Ghost:
        login = self._arrive(name)
        talk = self._speak(login)
        self._ways[name][1](login)
        return Ghost(how=how, login=login, talk=talk)

    def _arrive(self, name: str) -> Login:
        stage = self.stage
        why = stage.company.why_absent(name)
        if why:
            raise CircumstanceError(why)
        # Who was made for a try that broke off has the name already.
        username = stage.marks.username(name, self._tries)
        password = secrets.token_urlsafe(18) + POLICY
        stage.client.redactor.learn_password(password, name)
        number = stage.journal.intend(f"user {username}", (username,))
        body: JsonObject = {
            "name": name.title(),
            "username": username,
            "email": f"{username}@preflight.invalid",
            "password": password,
            "verified": True,
            "joinDefaultChannels": False,
            "requirePasswordChange": False,
            "sendWelcomeEmail": False,
        }
        user = as_object(demand(self._ask("users.create", body), f"the person {name}").get("user"))
        undo = Undo(
            actor=ADMIN,
            operation="POST users.delete",
            body={"userId": user.get("_id"), "confirmRelinquish": True},
            gone=True,
        )
        stage.journal.created(number, f"user {username}", undo)
        try:
            return log_in(stage.client, name, username, password)
        except LoginError as problem:
            raise CircumstanceError(f"could not arrange the person {name}: {problem.what}") from problem

    def _speak(self, login: Login) -> Talk | None:
        """Open a realtime connection and log in there; None where the target opens none."""
        try:
            talk = self._open.enter_context(self.stage.connections.talking(login.actor))
            talk.send(CONNECT)
            talk.send({"msg": "method", "method": "login", "id": "login", "params": [{"resume": login.token}]})
        except TargetError:
            return None
        came = talk.until(lambda frame: frame.get("msg") == "result" and frame.get("id") == "login")
        return talk if came is not None and "error" not in came else None

    def _log_out(self, login: Login) -> None:
        self._must(refuse_others(log_out(self.stage.client, login)), login)

    def _deactivate(self, login: Login) -> None:
        self._must(self._ask("users.setActiveStatus", {"userId": login.user_id, "activeStatus": False}), login)

    def _delete(self, login: Login) -> None:
        self._must(self._ask("users.delete", {"userId": login.user_id, "confirmRelinquish": True}), login)

    def _must(self, answer: Answer, login: Login) -> None:
        if not succeeded(answer):
            raise CircumstanceError(f"{login.username} could not be shut out: {told(answer)}")

    def _ask(self, name: str, body: JsonObject) -> Answer:
        answer = self.stage.client.send(
            Ask(
                actor=ADMIN,
                purpose=f"{name} for somebody who is to be let in no more",
                method="POST",
                path=API + name,
                body=body,
                has_body=True,
                headers=self.stage.company.login(ADMIN).headers,
            )
        )
        return refuse_others(answer)
