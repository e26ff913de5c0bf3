"""A call in a fresh process: results, errors, deaths and state."""

import os
import time

import pytest

from benchmark.method import NotAvailable
from benchmark.run import isolated

STATE: list[int] = []


def remember(value: int) -> int:
    STATE.append(value)
    return len(STATE)


def fail() -> None:
    raise ArithmeticError("no such luck")


def unavailable() -> None:
    raise NotAvailable("no such device")


def die() -> None:
    os._exit(7)


def threads() -> list[int]:
    import threadpoolctl

    return [info["num_threads"] for info in threadpoolctl.threadpool_info()]


def tell_and_sleep(seconds: int) -> None:
    isolated.tell(1, 2, "half")
    time.sleep(seconds)


def allocate(mib: int) -> int:
    return len(bytearray(mib * 2**20))


def test_a_value_comes_back_with_its_time() -> None:
    outcome = isolated.call(pow, 2, 10)
    assert outcome.value == 1024
    assert outcome.error == ""
    assert 0 < outcome.seconds < 60


def test_nothing_survives_from_call_to_call() -> None:
    assert [isolated.call(remember, i).value for i in range(3)] == [1, 1, 1]
    assert STATE == []


def test_an_exception_is_an_outcome_with_its_traceback() -> None:
    outcome = isolated.call(fail)
    assert outcome.error == "ArithmeticError: no such luck"
    assert "in fail" in outcome.traceback
    assert not outcome.skipped


def test_not_available_is_skipped() -> None:
    outcome = isolated.call(unavailable)
    assert outcome.skipped
    assert outcome.error == "no such device"


def test_a_dead_process_is_an_outcome_that_says_how_it_died() -> None:
    assert isolated.call(die).error == "the process ended with code 7 and no result"


def test_a_call_has_the_threads_it_was_given() -> None:
    for n in (1, 2):
        assert set(isolated.call(threads, threads=n).value) == {n}


def test_peak_memory_is_the_calls_own() -> None:
    assert isolated.call(allocate, 300).peak_memory > isolated.call(allocate, 1).peak_memory + 200


def test_stopping_ends_running_calls_and_refuses_new_ones() -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(isolated.call, time.sleep, 60)
        while not isolated._children:
            time.sleep(0.01)
        isolated.stop_all()
        try:
            assert "SIGTERM" in waiting.result(timeout=20).error
            assert isolated.call(pow, 2, 2).error == "interrupted before it started"
        finally:
            isolated.allow_calls()
    assert isolated.call(pow, 2, 2).value == 4


@pytest.mark.parametrize("code", [-9])
def test_sigkill_hints_at_memory(code: int) -> None:
    assert "use fewer --jobs" in isolated._cause_of_death(code)


def test_interrupting_the_wait_ends_what_is_waited_for() -> None:
    def interrupt(told: isolated.Told) -> None:
        raise KeyboardInterrupt

    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        isolated.call(tell_and_sleep, 60, listen=interrupt)
    assert time.monotonic() - start < 30
    assert not isolated._children
