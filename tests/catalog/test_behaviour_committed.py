"""The promises of contracts/behaviour and contracts/lists.yaml: each has a suite, and each suite has a promise."""

from functools import cache

import pytest

from preflight.catalog.catalog import Catalog, load_catalog
from preflight.catalog.contract import Contract
from preflight.catalog.steps import REALTIME
from preflight.model.claim import ClaimId, ClaimKind
from preflight.model.release import Release
from preflight.plugin.playing import every_suite
from preflight.session.promised import promised_by

RELEASES = ("6.14", "8.0", "8.8")
KINDS = {ClaimKind.BEHAVIOUR}
# Documented as taking count and offset, and ignoring them.
WITHOUT_PAGES = {"GET chat.getMessageReadReceipts", "GET chat.syncMessages", "GET chat.syncThreadMessages"}


@cache
def catalog(release: str) -> Catalog:
    return load_catalog(Release.parse(release))


def behaviours(release: str) -> list[ClaimId]:
    claims = catalog(release).claims
    return [claim for claim in claims if claim.kind in KINDS and claim.operation.method != REALTIME]


def is_about(promised: str, claim: ClaimId) -> bool:
    operation, _, rest = promised.partition("#")
    return rest == f"{claim.kind}:{claim.subject}" and claim.operation.matches(operation)


def promised() -> list[str]:
    """List what the suites say they are about, of the kinds that this is about."""
    texts = [text for suite in every_suite() for text in promised_by(suite.judge) if not text.startswith("ddp:")]
    return [text for text in texts if text.partition("#")[2].partition(":")[0] in KINDS]


@pytest.mark.parametrize("release", RELEASES)
def test_every_behaviour_has_a_suite_that_is_about_it(release: str) -> None:
    known = promised()
    orphans = [str(claim) for claim in behaviours(release) if not any(is_about(one, claim) for one in known)]
    assert orphans == []


def test_every_promise_of_a_suite_is_one_of_some_release() -> None:
    known = [claim for release in RELEASES for claim in behaviours(release)]
    assert [one for one in promised() if not any(is_about(one, claim) for claim in known)] == []


@pytest.mark.parametrize("release", RELEASES)
def test_every_operation_with_pages_promises_that_they_join(release: str) -> None:
    paged = {str(key) for key, contract in catalog(release).contracts.items() if takes_pages(contract)}
    joined = {str(claim.operation) for claim in behaviours(release) if claim.subject == "pages.join"}
    assert joined == paged - WITHOUT_PAGES


@pytest.mark.parametrize("release", RELEASES)
def test_every_promise_about_a_list_has_a_list_that_is_known(release: str) -> None:
    about_lists = ("pages.", "sorted", "filtered", "window")
    wanted = {claim.operation for claim in behaviours(release) if claim.subject.startswith(about_lists)}
    assert sorted(map(str, wanted - set(catalog(release).lists))) == []


def takes_pages(contract: Contract) -> bool:
    return {"query.count", "query.offset"} <= {parameter.subject for parameter in contract.parameters}
