"""Running sides in turn, ratios and their spread, by a clock that only tests move."""

import itertools
import time

import pytest

from benchmark.speed.stage import Case, Check, Peer, Side
from benchmark.speed.timing import measure


@pytest.fixture
def clock(monkeypatch):
    """Let time pass only where a test says so."""
    now = [0.0]
    monkeypatch.setattr(time, "perf_counter", lambda: now[0])
    return now


def takes(clock, seconds, result=None, log=None, name=""):
    """A side's work: each call takes the next of the given times."""
    times = itertools.cycle(seconds)

    def run():
        clock[0] += next(times)
        if log is not None:
            log.append(name)
        return result

    return run


def case_of(product, peer, **more):
    return Case("case", "things", (product,), (peer,), **more)


def test_sides_take_turns_in_the_opposite_order_every_other_round(clock):
    log = []
    sides = [Side(name, takes(clock, [1], log=log, name=name), 1) for name in ("ours", "theirs", "others")]
    case = Case("case", "things", (sides[0],), (Peer(sides[1]), Peer(sides[2])), warm=False)
    measure(case, 3, lambda text: None)
    assert log == ["ours", "theirs", "others", "others", "theirs", "ours", "ours", "theirs", "others"]


def test_the_ratio_is_the_median_of_the_rounds_and_the_spread_their_ends(clock):
    ours, theirs = Side("ours", takes(clock, [1, 2, 1]), 1), Side("theirs", takes(clock, [4, 4, 5]), 1)
    found = measure(case_of(ours, Peer(theirs, reach=4.5), warm=False), 3, lambda text: None)
    (ratio,) = found.ratios
    assert (ratio.ratio, ratio.low, ratio.high, ratio.reached) == (4, 2, 5, False)
    assert [timing.seconds for timing in found.timings] == [[1, 2, 1], [4, 4, 5]]


def test_a_machine_that_is_slow_for_a_while_does_not_change_the_ratio(clock):
    ours, theirs = Side("ours", takes(clock, [1, 10, 1]), 1), Side("theirs", takes(clock, [3, 30, 3]), 1)
    (ratio,) = measure(case_of(ours, Peer(theirs), warm=False), 3, lambda text: None).ratios
    assert (ratio.low, ratio.ratio, ratio.high) == (3, 3, 3)


def test_a_peer_that_does_fewer_items_is_scaled(clock):
    ours, theirs = Side("ours", takes(clock, [2]), 1200), Side("theirs", takes(clock, [4]), 20)
    found = measure(case_of(ours, Peer(theirs, reach=50)), 1, lambda text: None)
    assert found.ratios[0].ratio == pytest.approx(120)
    assert found.ratios[0].reached
    assert [timing.rate for timing in found.timings] == [600, 5]


def test_what_comes_before_a_run_is_done_each_time_and_not_timed(clock):
    log = []

    def prepare():
        clock[0] += 100
        log.append("before")

    ours = Side("ours", takes(clock, [1], log=log, name="run"), 1, before=prepare)
    found = measure(case_of(ours, Peer(Side("theirs", takes(clock, [1]), 1))), 2, lambda text: None)
    assert log == ["before", "run"] * 3  # once to warm up
    assert found.timings[0].seconds == [1, 1]


def test_checks_see_the_results_of_all_sides(clock):
    products = (Side("a", takes(clock, [1], "A"), 1), Side("b", takes(clock, [1], "B"), 1))
    seen = []

    def check(ours, theirs):
        seen.append((ours, theirs))
        return [Check("equal", "no", "yes", False)]

    peers = (Peer(Side("c", takes(clock, [2], "C"), 1)),)
    found = measure(Case("case", "things", products, peers, check), 1, lambda text: None)
    assert seen == [(("A", "B"), ("C",))]
    assert [(ratio.product, ratio.peer) for ratio in found.ratios] == [("a", "c"), ("b", "c")]
    assert not found.checks[0].ok
