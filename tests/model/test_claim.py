import pytest
from hypothesis import given

from preflight.model.claim import ClaimId, ClaimKind
from preflight.model.operation import OperationKey
from tests.model.strategies import CLAIM_IDS


@given(CLAIM_IDS)
def test_every_claim_id_is_read_back_from_its_text(claim: ClaimId) -> None:
    assert ClaimId.parse(str(claim)) == claim


def test_a_claim_id_reads_operation_kind_and_subject() -> None:
    claim = ClaimId.parse("GET rooms.info#refusal:400.error-room-not-found")
    assert claim == ClaimId(OperationKey.parse("GET rooms.info"), ClaimKind.REFUSAL, "400.error-room-not-found")


@pytest.mark.parametrize("text", ["", "GET rooms.info", "GET rooms.info#", "GET rooms.info#hope", "rooms#route"])
def test_what_is_no_claim_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="write it as"):
        ClaimId.parse(text)
