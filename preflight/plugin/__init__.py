"""The pytest plugin: its options. Everything else is loaded only when suites are to judge a target."""

from pathlib import Path

import pytest

from preflight import paths

DEPTHS = ("quick", "standard", "deep")  # spelled out: an ordinary pytest run loads nothing more than this module
SUITES_PLUGINS = ("preflight.plugin.suites", "preflight.plugin.turns")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options; `preflight run` has the same under shorter names."""
    group = parser.getgroup("preflight", "Preflight: judge a Rocket.Chat deployment by its API documentation")
    group.addoption(
        "--preflight-target", metavar="URL", help="address of the workspace (default: an embedded mock workspace)"
    )
    group.addoption("--preflight-alias", metavar="NAME", help="what to call the target (default: its host)")
    group.addoption("--preflight-user", metavar="NAME", help="account to work with, best an administrator of staging")
    group.addoption("--preflight-password-file", metavar="FILE", type=Path, help="file with the password alone")
    group.addoption("--preflight-release", metavar="X.Y", help="release to judge by (default: what the target reports)")
    group.addoption(
        "--preflight-only", metavar="GLOB", action="append", default=[], help="operations to judge, e.g. 'chat.*'"
    )
    group.addoption("--preflight-profile", metavar="NAME", default="full", help="conformance profile (default: full)")
    group.addoption("--preflight-shard", metavar="I/N", help="judge the I-th of N parts (preflight merge joins them)")
    group.addoption(
        "--preflight-waivers", metavar="FILE", type=Path, help="deviations that are accepted for the target"
    )
    group.addoption("--preflight-fault", metavar="NAME", help="plant a fault in the embedded mock workspace")
    group.addoption("--preflight-out", metavar="DIR", type=Path, help="folder for the run's reports")
    group.addoption("--preflight-seed", metavar="INT", type=int, help="repeat the generated requests of another run")
    group.addoption("--preflight-depth", choices=DEPTHS, default="standard", help="how many requests to generate")
    group.addoption("--preflight-disruptive", action="store_true", help="may change settings for the moment")
    group.addoption(
        "--preflight-max-minutes", metavar="N", type=float, help="play the most valuable cases that fit into N minutes"
    )
    group.addoption("--preflight-read-only", action="store_true", help="send only what changes nothing")


def pytest_configure(config: pytest.Config) -> None:
    """Load the suites' part where a target is named or a suite is to be collected."""
    if config.getoption("--preflight-target") or any(_is_suite(config, arg) for arg in config.args):
        manager = config.pluginmanager
        for name in SUITES_PLUGINS:
            if not manager.has_plugin(name):
                manager.import_plugin(name)


def _is_suite(config: pytest.Config, arg: str) -> bool:
    path = (config.invocation_params.dir / arg.partition("::")[0]).resolve()
    return path == paths.SUITES or paths.SUITES in path.parents
