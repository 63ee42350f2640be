"""The settings file, preflight.toml: targets by name, and options that would be typed twice.

A secret never stands in it: a target names the file or the environment variable that holds one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from preflight import paths
from preflight.catalog.nearest import nearest
from preflight.catalog.schema_check import check
from preflight.catalog.toml_file import load_toml
from preflight.errors import UsageError
from preflight.model.json import Json, JsonObject, as_list, as_object

SETTINGS_FILE = "preflight.toml"

_SECRETS = {"password-env": "password", "auth-token-env": "auth_token"}
_FILES = frozenset({"password-file", "contracts", "out", "waivers", "ca-bundle", "accounts"})


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedTarget:
    """A target of the settings file: `options` by the names that the command line has for them.

    `secrets` maps the name of an option to that of the environment variable which holds its value.
    """

    name: str
    url: str
    options: Mapping[str, Json] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsFile:
    """What a settings file says; an empty one where there is none."""

    path: Path | None = None
    options: Mapping[str, Json] = field(default_factory=dict)
    targets: Mapping[str, NamedTarget] = field(default_factory=dict)

    def target(self, text: str) -> NamedTarget:
        """Give the target that a name or an address means.

        Raises:
            UsageError: when the text is no address and names no target.
        """
        if text in self.targets:
            return self.targets[text]
        if "://" in text:
            return NamedTarget(name=text, url=text)
        raise UsageError(f"{text!r} is no address and names no target", hint=self._hint(text))

    def _hint(self, text: str) -> str:
        if not self.targets:
            return "write an address with its scheme, https://chat.example.org, or a name that preflight.toml has"
        return nearest(text, self.targets, what="targets")


def load_settings_file(path: Path | None) -> SettingsFile:
    """Read a settings file; None stands for the one of the working folder, which need not exist.

    Raises:
        FileError: when the file cannot be read or does not say what it must, with its line.
    """
    if path is None:
        path = Path(SETTINGS_FILE)
        if not path.exists():
            return SettingsFile()
    document = load_toml(path)
    check(document, paths.CONTRACTS / "schemas" / "settings.schema.json")
    data = as_object(document.data)
    return SettingsFile(
        path=path,
        options=_options(as_object(data.get("run")), path.parent),
        targets={
            name: _target(name, as_object(item), path.parent) for name, item in as_object(data.get("targets")).items()
        },
    )


def _target(name: str, data: JsonObject, folder: Path) -> NamedTarget:
    rest = {key: value for key, value in data.items() if key != "url" and key not in _SECRETS}
    return NamedTarget(
        name=name,
        url=str(data["url"]),
        options=_options(rest, folder),
        secrets={option: str(data[key]) for key, option in _SECRETS.items() if key in data},
    )


def _options(data: JsonObject, folder: Path) -> dict[str, Json]:
    """Name options as the command line does; files are meant as seen from the settings file."""
    return {
        key.replace("-", "_"): str(folder / str(value)) if key in _FILES else _plain(value)
        for key, value in data.items()
    }


def _plain(value: Json) -> Json:
    return list(as_list(value)) if isinstance(value, list) else value
