"""The accounts file: accounts that play the people of a run, with their secrets by reference to environment or file."""

from collections.abc import Mapping
from pathlib import Path

from preflight import paths
from preflight.catalog.documents import Document, load
from preflight.catalog.schema_check import check
from preflight.model.json import JsonObject, as_object
from preflight.settings import Account, secret_from, secret_in

_PASSWORD, _TOKEN = ("password-env", "password-file"), ("auth-token-env", "auth-token-file")


def load_accounts(path: Path) -> Mapping[str, Account]:
    """Read an accounts file; gives the accounts by whom they play.

    Raises:
        FileError: when the file cannot be read or does not say what it must, with its line.
        UsageError: when a secret is not where the file says.
    """
    document = load(path)
    check(document, paths.CONTRACTS / "schemas" / "accounts.schema.json")
    accounts = as_object(as_object(document.data)["accounts"])
    return {person: _account(document, person, as_object(data)) for person, data in accounts.items()}


def _account(document: Document, person: str, data: JsonObject) -> Account:
    user, user_id = data.get("user"), data.get("user-id")
    password, token = (_secret(document, person, data, keys) for keys in (_PASSWORD, _TOKEN))
    if not password and not token:
        raise document.error(
            ("accounts", person),
            f"the account of {person} has no secret",
            hint=f"give {' or '.join(_PASSWORD if user else _TOKEN)}",
        )
    if password:
        return Account(user=str(user), password=password)
    return Account(user_id=str(user_id), auth_token=token)


def _secret(document: Document, person: str, data: JsonObject, keys: tuple[str, str]) -> str:
    variable, file = data.get(keys[0]), data.get(keys[1])
    if isinstance(variable, str):
        return secret_from(variable, f"the account of {person}")
    return secret_in(document.path.parent / file) if isinstance(file, str) else ""
