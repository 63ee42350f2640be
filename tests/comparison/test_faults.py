"""Faults: a deviation planted in the mock workspace is told as a change, with the aspect that it is about."""

import pytest

from preflight.comparison.comparison import compare
from preflight.mock.faults import fault as planted
from preflight.mock.server import MockServer
from preflight.model.change import Answer, Standing
from preflight.model.run import Run
from preflight.plugin.playing import play
from preflight.session.session import Plan, open_session
from preflight.settings import Account

FAULTS = {
    "dm-create-201": "status",
    "dm-members-content-type": "content type",
    "dm-open-renamed-error": "errorType",
    "rooms-info-reworded": "error text",
    "dm-create-without-id": "field",
    "rooms-get-without-remove": "promise",
    "rooms-info-401-without-status": "field",
    "dm-messages-total-as-text": "type",
    "chat-update-old-text": "promise",
    "ddp-toggleFavorite-open-door": "status",
    "ddp-hideRoom-no-effect": "promise",
}


def judged(operation: str, fault: str | None = None) -> Run:
    with MockServer(release="8.0", fault=planted(fault) if fault else None) as mock:
        account = Account(user=mock.admin_username, password=mock.admin_password)
        session = open_session(Plan(target=mock.url, account=account, only=(operation,)))
        play(session)
        return session.close()


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_told_as_a_change_against_the_documentation(name: str) -> None:
    operation = planted(name).operation
    comparison = compare(judged(operation), judged(operation, name))
    assert comparison.safety.answer is Answer.NO
    assert FAULTS[name] in {str(change.aspect) for change in comparison.changes}
    assert Standing.AGAINST in {change.standing for change in comparison.changes}
