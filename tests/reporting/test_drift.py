from dataclasses import replace

from preflight.model.operation import OperationKey
from preflight.reporting.drift import divergences
from tests.reporting.sample import sample_run


def test_an_erratum_stands_once_with_the_operations_that_it_concerns() -> None:
    run = sample_run()
    keys = [OperationKey.parse(name) for name in ("POST chat.update", "GET chat.getMessage")]
    run = replace(run, drift=(*run.drift, *(replace(run.drift[0], operation=key) for key in keys)))
    (one,) = divergences(run, security=False)
    assert list(map(str, one.pages)) == ["GET chat.getMessage", "POST chat.postMessage", "POST chat.update"]
    assert one.evidence == ("observed on 6.14.0", "observed on 8.0.1")


def test_weaknesses_are_told_apart() -> None:
    run = sample_run()
    run = replace(run, drift=(*run.drift, replace(run.drift[0], erratum="open", security=True)))
    assert [one.erratum for one in divergences(run, security=True)] == ["open"]
    assert [one.erratum for one in divergences(run, security=False)] == ["post-message-id-is-a-string"]
