"""Where a command works: the settings file, the target by name or address, and the account with which to enter."""

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import click

from preflight.catalog.settings_file import NamedTarget, load_settings_file
from preflight.errors import SecondFactorError
from preflight.settings import Account, account_from, secret_from, target_from

F = TypeVar("F", bound=Callable[..., None])
T = TypeVar("T")

# What every command takes in the same way is kept beside its own arguments.
_TOTP, _BUNDLE = "preflight.totp", "preflight.ca-bundle"


class PlacedCommand(click.Command):
    """A command whose options have the settings file's values as their defaults.

    The values of the target that is named go before those which always hold; what is typed goes before both.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Look which settings file and which target are meant before anything else is read."""
        if set(self.get_help_option_names(ctx)) & set(args):
            return super().parse_args(ctx, args)  # who asks for help gets it, whatever the settings file says
        typed, _, _ = self.make_parser(ctx).parse_args(list(args))
        config, name = typed.get("config"), typed.get("target")
        settings = load_settings_file(Path(config) if isinstance(config, str) else None)
        always = settings.options.get("target")
        named = target_from(name if isinstance(name, str) else None) or (always if isinstance(always, str) else None)
        target = settings.target(named) if named else None
        known = {parameter.name for parameter in self.params}
        defaults = {**settings.options, **(options_of(target) if target else {})}
        ctx.default_map = {option: value for option, value in defaults.items() if option in known}
        ctx.obj = target
        return super().parse_args(ctx, args)


def takes_a_place(command: F) -> F:
    """Give a command the options --config, --target and those of the account; for a `PlacedCommand`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def account_of(  # one argument for each option
    *,
    user: str | None,
    password: str | None,
    password_file: Path | None,
    auth_token: str | None,
    user_id: str | None,
) -> Account:
    """Give the account that the options name; raises UsageError where they name none."""
    given = Account(
        user=user or "",
        password=password or "",
        totp=_kept(_TOTP) or "",
        auth_token=auth_token or "",
        user_id=user_id or "",
    )
    return account_from(given, password_file)


def ca_bundle_of() -> Path | None:
    """Give the certificates that --ca-bundle names."""
    named = _kept(_BUNDLE)
    return Path(named) if named else None


def with_second_factor(account: Account, use: Callable[[Account], T]) -> T:
    """Use an account; where the target asks for a code and a person sits at a terminal, ask that person once."""
    try:
        return use(account)
    except SecondFactorError as asked:
        if account.totp or not sys.stdin.isatty():
            raise
        how = "sent by e-mail" if asked.method == "email" else "of the authenticator app"
        code = click.prompt(f"Second factor of {account.user}: code {how}", err=True)
    return use(replace(account, totp=str(code).strip()))


def _kept(name: str) -> str | None:
    found: str | None = click.get_current_context().meta.get(name)
    return found


def _keep(name: str) -> Callable[[click.Context, click.Parameter, Path | str | None], None]:
    def callback(context: click.Context, _: click.Parameter, value: Path | str | None) -> None:
        context.meta[name] = str(value) if value else None

    return callback


def options_of(target: NamedTarget) -> dict[str, Any]:  # Any: each option has a type of its own
    """Give the options of a named target, secrets from the environment; raises UsageError where one is not set."""
    secrets = {
        option: secret_from(variable, f"the target {target.name}") for option, variable in target.secrets.items()
    }
    return {**target.options, **secrets}


def alias_from(context: click.Context, _: click.Parameter, typed: str | None) -> str | None:
    """Give what was typed, else the name that the settings file gives the target; None where it has none."""
    target = context.obj
    return typed or (target.name if isinstance(target, NamedTarget) and target.name != target.url else None)


def _address(context: click.Context, _: click.Parameter, __: str | None) -> str | None:
    """Give the address of the target that was named, wherever its name stood."""
    target = context.obj
    return target.url if isinstance(target, NamedTarget) else None


_OPTIONS = (
    click.option(
        "--config",
        metavar="FILE",
        type=click.Path(path_type=Path),
        expose_value=False,
        help="Settings file.  [default: preflight.toml, where there is one]",
    ),
    click.option(
        "--target",
        metavar="URL",
        callback=_address,
        help="Address of the workspace, or the name that the settings file gives it.",
    ),
    click.option("--user", metavar="NAME", help="Account to work with, best an administrator of a staging workspace."),
    click.option(
        "--password", metavar="TEXT", help="Its password; better a file, since others can see a command line."
    ),
    click.option(
        "--password-file", metavar="FILE", type=click.Path(path_type=Path), help="File with the password alone."
    ),
    click.option("--auth-token", metavar="TEXT", help="A token in place of user and password."),
    click.option("--user-id", metavar="ID", help="The id of the token's user."),
    click.option(
        "--totp",
        metavar="CODE",
        callback=_keep(_TOTP),
        expose_value=False,
        help="Code of the second factor. Without it a terminal asks for one where the workspace does.",
    ),
    click.option(
        "--ca-bundle",
        metavar="FILE",
        type=click.Path(path_type=Path, exists=True),
        callback=_keep(_BUNDLE),
        expose_value=False,
        help="Certificates to trust in place of the usual ones.  [default: REQUESTS_CA_BUNDLE, else the usual ones]",
    ),
)
