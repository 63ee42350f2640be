"""A workspace seen from outside: which release it is, and how people log in to it."""

from dataclasses import dataclass, field

from preflight.errors import LoginError, SecondFactorError, TargetError, UsageError
from preflight.model.json import Json, JsonObject, as_list, as_object
from preflight.model.release import Release
from preflight.settings import Account
from preflight.wire.rest import API, UNAUTHORIZED, Answer, Ask, RestClient

MOCK_SERVER = "preflight-mock"
_TOO_MANY_CODES = "totp-max-attempts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """Somebody who is logged in: the two headers that prove it; `roles` are empty where the target told none."""

    actor: str
    user_id: str
    username: str
    token: str = field(repr=False)
    roles: tuple[str, ...] = ()
    name: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """The headers that a request of this person carries."""
        return {"X-Auth-Token": self.token, "X-User-Id": self.user_id}


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What a target says of itself: the version text of /api/info, and whether it is a mock workspace."""

    version: str
    is_mock: bool


def identify(client: RestClient) -> Identity:
    """Ask the target what it is; raises TargetError where it is no Rocket.Chat."""
    answer = client.send(Ask(actor="nobody", purpose="which release is this?", method="GET", path="/api/info"))
    version = answer.body.get("version") if isinstance(answer.body, dict) else None
    if not isinstance(version, str):
        raise TargetError(
            f"{client.base_url} answers {_kind(answer)} where Rocket.Chat tells its release",
            hint="give the address at which people open the workspace; /api/info must answer there",
        )
    server = answer.exchange.response.header("server") or ""
    return Identity(version=version, is_mock=server.startswith(MOCK_SERVER))


def release_of(identity: Identity, asked: str | None) -> Release:
    """Give the release to judge by: the one asked for, else the one the target names.

    Raises:
        UsageError: when the release asked for cannot be read.
        TargetError: when the release of the target cannot be read.
    """
    try:
        return Release.parse(asked or identity.version)
    except ValueError as problem:
        if asked:
            raise UsageError(str(problem), hint="give --release two numbers, for instance --release 8.0") from problem
        raise TargetError(
            f"the target names its release {identity.version!r}, which cannot be read",
            hint="give the release yourself, for instance --release 8.0",
        ) from problem


def learn_account(client: RestClient, actor: str, account: Account) -> None:
    """Let the secrets of an account be known before it is used."""
    if account.password:
        client.redactor.learn_password(account.password, actor, account.user)
    client.redactor.learn(account.auth_token, f"{actor}.token")
    client.redactor.learn(account.totp, f"{actor}.code")


def enter(client: RestClient, actor: str, account: Account) -> Login:
    """Let an account in, by its token or by user name and password; raises as `log_in` and `resume` do."""
    if account.auth_token:
        return resume(client, actor, account.auth_token, account.user_id)
    return log_in(client, actor, account.user, account.password, totp=account.totp)


def log_in(client: RestClient, actor: str, user: str, password: str, *, totp: str = "") -> Login:
    """Log somebody in, with the code of a second factor where there is one.

    Raises:
        SecondFactorError: when the target asks for a code, or for another one.
        LoginError: when the target refuses.
        TargetError: when it answers nonsense.
    """
    client.redactor.learn_password(password, actor, user)
    if totp:
        client.redactor.learn(totp, f"{actor}.code")
    answer = client.send(
        Ask(
            actor=actor,
            purpose=f"log in as {actor}",
            method="POST",
            path=f"{API}login",
            body={"user": user, "password": password, **({"code": totp} if totp else {})},
            has_body=True,
        )
    )
    data = _data(answer.body)
    token, user_id = data.get("authToken"), data.get("userId")
    if isinstance(token, str) and isinstance(user_id, str):
        me = as_object(data.get("me"))
        username = me.get("username")
        return Login(
            actor=actor,
            user_id=user_id,
            username=username if isinstance(username, str) else user,
            token=token,
            roles=_roles(me),
            name=_name(me),
        )
    if answer.status == UNAUTHORIZED:
        raise _refused(user, answer, with_code=bool(totp))
    raise TargetError(
        f"{client.base_url} answers {_kind(answer)} to a login",
        hint="check that the address is the workspace itself and that its REST API is reachable",
    )


def resume(client: RestClient, actor: str, token: str, user_id: str) -> Login:
    """Use a token that exists already; raises LoginError when the target does not know it."""
    client.redactor.learn(token, f"{actor}.token")
    login = Login(actor=actor, user_id=user_id, username="", token=token)
    answer = client.send(Ask(actor=actor, purpose="who am I?", method="GET", path=f"{API}me", headers=login.headers))
    me = as_object(answer.body)
    username = me.get("username")
    if answer.status == UNAUTHORIZED:
        raise LoginError(
            f"login refused for user id {user_id}", hint="token and user id must belong together and be valid still"
        )
    if not isinstance(username, str):
        raise TargetError(
            f"{client.base_url} answers {_kind(answer)} where it should tell whose token it is",
            hint="check that the address is the workspace itself and that its REST API is reachable",
        )
    return Login(actor=actor, user_id=user_id, username=username, token=token, roles=_roles(me), name=_name(me))


def log_out(client: RestClient, login: Login) -> Answer:
    """Give a token back."""
    return client.send(
        Ask(
            actor=login.actor,
            purpose=f"log out {login.actor}",
            method="POST",
            path=f"{API}logout",
            headers=login.headers,
        )
    )


def _data(body: Json) -> dict[str, Json]:
    data = body.get("data") if isinstance(body, dict) else None
    return dict(data) if isinstance(data, dict) else {}


def _roles(me: JsonObject) -> tuple[str, ...]:
    return tuple(str(role) for role in as_list(me.get("roles")))


def _name(me: JsonObject) -> str:
    name = me.get("name")
    return name if isinstance(name, str) else ""


def _refused(user: str, answer: Answer, *, with_code: bool) -> LoginError:
    told = as_object(answer.body)
    code = str(told.get("error", ""))
    if not code.startswith("totp"):
        return LoginError(f"login refused for user {user}", hint="check user and password; nothing further was sent")
    if code == _TOO_MANY_CODES:
        return LoginError(
            f"login refused for user {user}: too many wrong codes of the second factor were sent",
            hint="wait for a while, or give --auth-token and --user-id of a personal access token",
        )
    what = "the code was not taken" if with_code else "a code of the second factor is asked for"
    return SecondFactorError(
        f"login refused for user {user}: {what}",
        hint="give --totp CODE, or --auth-token and --user-id of a personal access token",
        method=str(as_object(told.get("details")).get("method") or "totp"),
    )


def _kind(answer: Answer) -> str:
    media = (answer.exchange.response.header("content-type") or "nothing").partition(";")[0]
    names = {"text/html": "an HTML page", "application/json": "other JSON", "nothing": "nothing"}
    return f"{names.get(media, media)} with status {answer.status}"
