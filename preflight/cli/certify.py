"""`preflight keygen`, `certify` and `verify`: a signed statement about a run, and whether it holds."""

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from preflight.certificate import files
from preflight.certificate.account import as_json, lines, title
from preflight.certificate.badge import svg
from preflight.certificate.bundle import RUN
from preflight.certificate.certifying import draft
from preflight.certificate.statement import to_json
from preflight.certificate.stating import Wish
from preflight.certificate.verifying import verify as verify_payload
from preflight.errors import UsageError
from preflight.reporting import html, run_file, summary
from preflight.reporting.folder import RUN_FILE
from preflight.settings import KEY_PASSPHRASE, passphrase_from

ENDING = ".certificate.json"
EVIDENCE = ".evidence.zip"


@click.command(short_help="Make a key pair to certify with.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--protect", is_flag=True, help="Protect the private key by a passphrase.")
@click.option(
    "--passphrase-file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="File with the passphrase alone.  [default: PREFLIGHT_KEY_PASSPHRASE, else it is asked for]",
)
def keygen(*, file: Path, protect: bool, passphrase_file: Path | None) -> None:
    """Make an Ed25519 key pair: FILE is the private key, readable by its owner alone, beside it FILE with .pub.

    Nothing is overwritten. Publish the id of the key where those who verify can find it.

    \b
    preflight keygen key.pem
    preflight keygen key.pem --protect
    """
    from preflight.certificate.signing import new_key  # noqa: PLC0415 (loads OpenSSL, which no run needs)

    public, key_id = new_key(file, _new_passphrase(file, passphrase_file) if protect or passphrase_file else "")
    click.echo(f"private key {file}\npublic key  {public}\nkey id      {key_id}")


@click.command(short_help="Certify a run that keeps a profile.")
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--profile", metavar="NAME", required=True, help="What to certify; preflight run names the profiles.")
@click.option("--key", metavar="FILE", type=click.Path(path_type=Path), required=True, help="The private key.")
@click.option(
    "--passphrase-file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="File with the passphrase of the key alone.  [default: PREFLIGHT_KEY_PASSPHRASE, else it is asked for]",
)
@click.option("--alias", metavar="TEXT", help="What to call the target.  [default: what the run calls it]")
@click.option(
    "--valid-days",
    metavar="N",
    type=click.IntRange(1, 366),
    default=90,
    show_default=True,
    help="For how many days from the run on.",
)
@click.option("--requirements", metavar="VERSION", help="By the requirement sets of an older version of Preflight.")
@click.option(
    "--out",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The certificate.  [default: PROFILE.certificate.json in the folder of the run]",
)
@click.option("--json", "for_programs", is_flag=True, help="Print JSON: the files, and what was signed.")
def certify(  # noqa: PLR0913 (one argument for each option)
    *,
    run: Path,
    profile: str,
    key: Path,
    passphrase_file: Path | None,
    alias: str | None,
    valid_days: int,
    requirements: str | None,
    out: Path | None,
    for_programs: bool,
) -> None:
    """Sign that the target of RUN (a folder, or its run.json) keeps a profile, if it does.

    Refused where a promise that the profile requires is broken, could not be judged or is waived, where an operation
    was not exercised, and where the run was interrupted or filtered. Beside the certificate stands its evidence bundle.

    \b
    preflight certify reports/runs/ID --profile messaging --key key.pem
    preflight certify reports/runs/ID --profile messaging --key key.pem --passphrase-file passphrase.txt
    """
    from preflight.certificate.signing import SigningKey  # noqa: PLC0415 (loads OpenSSL, which no run needs)

    file = run / RUN_FILE if run.is_dir() else run
    certificate = out or file.parent / f"{profile}{ENDING}"
    evidence = certificate.with_name(f"{certificate.name.removesuffix(ENDING).removesuffix('.json')}{EVIDENCE}")
    files.insist_on_nothing(certificate, evidence)
    signer = SigningKey.load(key, lambda: passphrase_from(passphrase_file) or _typed(f"Passphrase of {key}"))
    judged = run_file.read(file)
    made = draft(
        judged,
        {
            RUN: file.read_bytes(),
            "report.html": html.render(judged).encode("utf-8", "backslashreplace"),
            "summary.md": summary.render(judged).encode("utf-8", "backslashreplace"),
        },
        Wish(
            profile=profile,
            requirements=requirements or judged.environment.get("preflight", ""),
            alias=alias or judged.alias,
            now=_now(),
            valid=timedelta(days=valid_days),
            bundle=evidence.name,
        ),
    )
    files.write({certificate: signer.seal(made.payload), evidence: made.bundle})
    if for_programs:
        told = {"certificate": str(certificate), "bundle": str(evidence), "key_id": signer.public.id}
        click.echo(json.dumps({**told, "statement": to_json(made.statement)}, indent=1))
        return
    click.echo(f"✓ CERTIFIED  {title(made.statement)} until {made.statement.expires:%Y-%m-%d}")
    click.echo(f"  certificate  {certificate}\n  evidence     {evidence}\n  key id       {signer.public.id}")


@click.command(short_help="Verify a certificate offline.")
@click.argument("certificate", type=click.Path(path_type=Path))
@click.option("--pubkey", metavar="FILE", type=click.Path(path_type=Path), required=True, help="The public key.")
@click.option(
    "--bundle",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The evidence bundle.  [default: beside the certificate, by the name that is signed]",
)
@click.option("--no-bundle", is_flag=True, help="Verify the statement alone.")
@click.option("--at", metavar="TIME", help="Whether it held then, as in 2027-01-31 or 2027-01-31T12:00:00Z.")
@click.option("--badge", metavar="FILE", type=click.Path(path_type=Path), help="Write a badge (SVG), if it holds.")
@click.option("--json", "for_programs", is_flag=True, help="Print JSON.")
def verify(  # noqa: PLR0913 (one argument for each option)
    *,
    certificate: Path,
    pubkey: Path,
    bundle: Path | None,
    no_bundle: bool,
    at: str | None,
    badge: Path | None,
    for_programs: bool,
) -> None:
    """Tell whether a certificate holds, what exactly it certifies, and what it does not.

    Asks nobody: it needs the certificate, the public key of the one who certifies, and the evidence bundle.

    \b
    preflight verify messaging.certificate.json --pubkey key.pub
    """
    from preflight.certificate.signing import PublicKey  # noqa: PLC0415 (loads OpenSSL, which no run needs)

    if bundle and no_bundle:
        raise UsageError("--bundle and --no-bundle exclude each other", hint="give one of the two")
    if badge:
        files.insist_on_nothing(badge)
    now = _moment(at) if at else _now()
    signed = PublicKey.load(pubkey).open(files.read(certificate, "certificate"))
    verified = verify_payload(
        signed.payload, signed.key_id, now, None if no_bundle else _bundle_of(certificate, bundle)
    )
    if badge:
        files.write({badge: svg(verified).encode("utf-8")})
    if for_programs:
        click.echo(json.dumps(as_json(verified), indent=1, ensure_ascii=False))
        return
    for line in lines(verified):
        click.echo(line)


def _new_passphrase(key: Path, file: Path | None) -> str:
    passphrase = passphrase_from(file) or _typed(f"Passphrase for {key}", twice=True)
    if not passphrase:
        raise UsageError(
            f"there is no passphrase to protect {key} by",
            hint=f"give --passphrase-file, or set {KEY_PASSPHRASE}, or run it in a terminal",
        )
    return passphrase


def _typed(question: str, *, twice: bool = False) -> str:
    """Ask somebody at a terminal, who does not see what they type; nothing where there is none."""
    if not sys.stdin.isatty():
        return ""
    return str(click.prompt(question, hide_input=True, confirmation_prompt=twice, err=True))


def _bundle_of(certificate: Path, bundle: Path | None) -> Callable[[str], bytes]:
    return lambda name: files.read(bundle or certificate.parent / name, "evidence bundle")


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as problem:
        hint = "write 2027-01-31, or 2027-01-31T12:00:00Z"
        raise UsageError(f"{text!r} is no time", hint=hint) from problem
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
