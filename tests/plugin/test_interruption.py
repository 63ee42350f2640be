"""Interruption: which signals end a run, and which one lets it finish what it is doing."""

import signal
import threading

import pytest

from preflight.plugin.interruption import terminated_like_interrupted, undisturbed

BOTH = (signal.SIGINT, signal.SIGTERM)


def handlers() -> list[object]:
    return [signal.getsignal(number) for number in BOTH]


def test_a_request_to_terminate_interrupts() -> None:
    before = handlers()
    with pytest.raises(KeyboardInterrupt), terminated_like_interrupted():
        signal.raise_signal(signal.SIGTERM)
    assert handlers() == before


@pytest.mark.parametrize("first", BOTH)
@pytest.mark.parametrize("second", BOTH)
def test_the_first_request_waits_and_the_second_is_heard(first: signal.Signals, second: signal.Signals) -> None:
    before = handlers()
    with undisturbed():
        signal.raise_signal(first)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(second)
    assert handlers() == before


def test_cleaning_up_inside_a_run_hands_the_signals_back() -> None:
    with terminated_like_interrupted():
        outer = handlers()
        with undisturbed():
            assert handlers() != outer
        assert handlers() == outer


def test_beside_the_main_thread_signals_are_left_alone() -> None:
    before = handlers()
    seen: list[list[object]] = []

    def work() -> None:
        with terminated_like_interrupted(), undisturbed():
            seen.append(handlers())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [before]
