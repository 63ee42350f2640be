"""A key that a passphrase protects: given by a file, by the environment, or typed where nobody sees it."""

import os
import pty
import select
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from preflight.settings import KEY_PASSPHRASE
from tests.certificate.desk import certify, files_in, inside, told_in_two_lines
from tests.outside.console import LONGEST_S

PASSPHRASE = "correct horse, battery staple åäö"


@pytest.fixture
def locked(place: Path) -> Path:
    """The desk with a protected key."""
    (place / "phrase.txt").write_text(f"{PASSPHRASE}\n", encoding="utf-8")
    told = inside("keygen", "locked.pem", "--passphrase-file", "phrase.txt", folder=place)
    assert told.code == 0, told.err
    return place


def test_a_protected_key_is_one_that_nothing_else_opens(locked: Path) -> None:
    pem = (locked / "locked.pem").read_bytes()
    assert pem.startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")
    load_pem_private_key(pem, PASSPHRASE.encode())
    with pytest.raises(ValueError, match="Incorrect password"):
        load_pem_private_key(pem, b"another")


def test_it_signs_with_the_passphrase_of_a_file(locked: Path) -> None:
    told = certify(locked, "--key", "locked.pem", "--passphrase-file", "phrase.txt")
    assert told.code == 0, told.err
    assert PASSPHRASE not in told.out + told.err
    told = inside("verify", "new.certificate.json", "--pubkey", "locked.pub", folder=locked)
    assert told.code == 0, told.err


def test_it_signs_with_the_passphrase_of_the_environment(locked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_PASSPHRASE, PASSPHRASE)
    assert certify(locked, "--key", "locked.pem").code == 0


@pytest.mark.parametrize(
    ("words", "phrase", "what"),
    [
        ((), "", "the key in locked.pem is protected by a passphrase"),
        ((), "another", "the passphrase does not open the key in locked.pem"),
        (("--passphrase-file", "none.txt"), PASSPHRASE, "the passphrase file none.txt cannot be read"),
        (("--passphrase-file", "empty.txt"), PASSPHRASE, "the passphrase file empty.txt is empty"),
    ],
)
def test_without_the_right_one_nothing_is_signed(
    locked: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], phrase: str, what: str
) -> None:
    monkeypatch.setenv(KEY_PASSPHRASE, phrase)
    (locked / "empty.txt").write_text("", encoding="utf-8")
    before = files_in(locked)
    told = certify(locked, "--key", "locked.pem", *words)
    assert told.code == 2
    assert what in told_in_two_lines(told)
    assert files_in(locked) == before


def test_an_open_key_asks_for_no_passphrase(place: Path) -> None:
    assert certify(place, "--passphrase-file", "none.txt").code == 0


def test_a_key_cannot_be_protected_by_nothing(tmp_path: Path) -> None:
    told = inside("keygen", "k.pem", "--protect", folder=tmp_path)
    assert told.code == 2
    assert "there is no passphrase to protect k.pem by" in told_in_two_lines(told)
    assert list(tmp_path.iterdir()) == []


def at_a_terminal(folder: Path, answers: list[str], *words: str) -> tuple[int, str]:
    """Run ``preflight`` at a terminal, where each question is answered in its turn; what is shown comes back."""
    ours, theirs = pty.openpty()
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PREFLIGHT_")}
    command = [sys.executable, "-W", "ignore", "-m", "preflight", *words]
    shown = ""
    with subprocess.Popen(
        command, cwd=folder, env=clean, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    ) as process:
        os.close(theirs)
        try:
            while select.select([ours], [], [], LONGEST_S)[0] and (heard := os.read(ours, 1024).decode()):
                shown += heard
                # The blank behind a question comes once what is typed is hidden; what comes before is thrown away.
                if answers and shown.endswith(": "):
                    os.write(ours, f"{answers.pop(0)}\n".encode())
        except OSError:
            pass  # so a terminal tells that nobody is left at its other end
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
    os.close(ours)
    return process.returncode, shown


def test_it_is_typed_at_a_terminal_and_not_shown(place: Path) -> None:
    code, shown = at_a_terminal(place, [PASSPHRASE, PASSPHRASE], "keygen", "typed.pem", "--protect")
    assert code == 0, shown
    assert "Passphrase for typed.pem:" in shown
    load_pem_private_key((place / "typed.pem").read_bytes(), PASSPHRASE.encode())
    words = ("certify", "run", "--profile", "auto-translate", "--key", "typed.pem", "--out", "new.certificate.json")
    code, again = at_a_terminal(place, [PASSPHRASE], *words)
    assert code == 0, again
    assert "Passphrase of typed.pem:" in again
    assert PASSPHRASE not in shown + again
