"""A small statement with something of everything in it, to look at and to pin texts to."""

from datetime import UTC, datetime

from preflight.certificate.statement import Basis, Statement, Target
from preflight.certificate.verifying import Verified
from preflight.model.claim import ClaimId

STATEMENT = Statement(
    target=Target(
        alias="Example Chat",
        address="https://chat.example.org",
        release="8.0",
        server="8.0.3",
        edition="community",
        mock=False,
    ),
    profile="messaging",
    requirements="0.1.0",
    basis=Basis(
        preflight="0.2.0",
        contracts="c" * 64,
        errata="e" * 64,
        suites="5" * 64,
        requirements="a" * 64,
        waivers="",
    ),
    run_id="20261127T120000Z-abcdef",
    run_digest="d" * 64,
    bundle="messaging.evidence.zip",
    bundle_digest="b" * 64,
    seed="",
    started=datetime(2026, 11, 27, 12, 0, 0, tzinfo=UTC),
    issued=datetime(2026, 11, 27, 13, 0, 0, tzinfo=UTC),
    expires=datetime(2027, 2, 25, 12, 0, 0, tzinfo=UTC),
    passed=tuple(map(ClaimId.parse, ("POST chat.delete#route", "POST chat.delete#success:200"))),
    remarks={ClaimId.parse("GET chat.getMessage#field:200.message.urls[].meta"): "no answer of the run shows it"},
    not_applicable={
        ClaimId.parse("GET chat.getMessageReadReceipts#route"): "it is asked of the enterprise edition alone"
    },
    not_required=(ClaimId.parse("POST chat.sendMessage#parameter:body.message.avatar"),),
)
VERIFIED = Verified(statement=STATEMENT, key_id="0123456789abcdef" * 4, evidence=True, known=True)
