"""The evidence bundle: the same files give the same bytes, and nothing but a bundle is read as one."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preflight.certificate.bundle import REQUIREMENTS, RUN, digest_of, digests_in, pack, unpack
from preflight.errors import CertificateError

FILES = {RUN: b"{}", REQUIREMENTS: b"x: 1\n", "summary.md": b"# fine\n"}


@given(st.dictionaries(st.from_regex(r"[a-z]{1,8}\.md", fullmatch=True), st.binary(max_size=99), max_size=4))
def test_what_was_packed_is_unpacked(more: dict[str, bytes]) -> None:
    files = {**more, RUN: b"{}", REQUIREMENTS: b""}
    assert unpack(pack(files)) == files
    assert pack(dict(reversed(files.items()))) == pack(files)


def test_times_and_rights_are_the_same_everywhere() -> None:
    with zipfile.ZipFile(io.BytesIO(pack(FILES))) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.namelist() == sorted(FILES)
        assert archive.comment == b""


def test_digests_are_of_the_whole_and_of_its_files() -> None:
    digests = digests_in(pack(FILES))
    assert digests.whole == digest_of(pack(FILES))
    assert digests.run == digest_of(b"{}")


@pytest.mark.parametrize("data", [b"", b"PK", pack(FILES)[:-30], pack({RUN: b"{}"}), pack({"other": b""})])
def test_what_is_no_bundle_is_refused(data: bytes) -> None:
    with pytest.raises(CertificateError):
        unpack(data)
