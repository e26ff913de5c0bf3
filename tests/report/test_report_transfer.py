"""What transfer brings: Table 6 less Table 5 on the same images."""

import csv
import io
from collections.abc import Callable

import numpy as np
import pytest
from trained_networks import using_network

from benchmark.protocol.row import Row
from benchmark.report.evidence import gather
from benchmark.report.pooled import pool
from benchmark.report.transfer import Gain, transfer_gains
from benchmark.report.write import render_tables

Make = Callable[..., list[Row]]


def both_stages(make_rows: Make, **changed: object) -> list[Row]:
    tuned = make_rows(["GCH", "CNN"], n=100, **changed)
    return using_network(make_rows(["CNN"], n=100, stage="zero-transfer")) + using_network(tuned)


def at(gains: list[Gain], subset: str, metric: str) -> Gain:
    (gain,) = (g for g in gains if (g.subset, g.metric) == (subset, metric))
    return gain


def test_a_gain_is_the_difference_of_pooled_metrics_on_the_same_images(make_rows: Make) -> None:
    rows = both_stages(make_rows)
    evidence = gather(rows)
    gains = transfer_gains(evidence)
    assert {(g.method, g.subset) for g in gains} == {("CNN", s) for s in ("five", "four", "three")}
    for subset in ("five", "four", "three"):
        gain = at(gains, subset, "accuracy")
        pooled = [pool(evidence, stage, "CNN", subset) for stage in ("cross-validation", "zero-transfer")]
        tuned, untuned = (float((p.labels == p.predictions).mean()) for p in pooled if p is not None)
        assert gain.gain == pytest.approx(tuned - untuned)
        assert (gain.fine_tuned, gain.untuned) == (pytest.approx(tuned), pytest.approx(untuned))
        assert gain.won is not None
        assert gain.lost is not None
        assert gain.won - gain.lost == pytest.approx((tuned - untuned) * gain.images)
        assert gain.low is not None
        assert gain.high is not None
        assert gain.low <= tuned - untuned <= gain.high
    assert at(gains, "five", "auc").won is None


def test_of_several_seeds_the_metric_is_averaged(make_rows: Make) -> None:
    rows = both_stages(make_rows, seeds=(0, 1))
    evidence = gather(rows)
    pooled = [pool(evidence, "cross-validation", "CNN", "five", seed) for seed in (0, 1)]
    mean = np.mean([(p.labels == p.predictions).mean() for p in pooled if p is not None])
    assert at(transfer_gains(evidence), "five", "accuracy").fine_tuned == pytest.approx(mean)


def test_what_cannot_be_compared_says_why(make_rows: Make, make_failed: Callable[..., Row]) -> None:
    rows = both_stages(make_rows)
    last = make_failed(rows[-1], "out of memory")
    gap = at(transfer_gains(gather([*rows[:-1], last])), "three", "auc")
    assert (gap.status, gap.gain) == ("incomplete", None)
    assert gap.reason == "cross-validation: fold 5 failed: out of memory"
    other = using_network(make_rows(["CNN"], n=100), key="77" * 16)
    mixed = using_network(make_rows(["CNN"], n=100, stage="zero-transfer")) + other
    reason = at(transfer_gains(gather(mixed)), "five", "f1").reason
    assert reason.startswith("the two stages used different networks (CNN-weights c0c0")
    notes = render_tables(mixed)["tables/notes.txt"].decode()
    assert "an unknown amount on five (the two stages used different networks" in notes


def test_the_file_and_the_notes_come_where_both_stages_were_run(make_rows: Make) -> None:
    files = render_tables(both_stages(make_rows))
    lines = list(csv.DictReader(io.StringIO(files["tables/transfer.csv"].decode(), newline="")))
    assert len(lines) == 15
    assert {line["artefacts"] for line in lines} == {"CNN-weights c0c0c0c0c0c0c0c0"}
    assert all("these fitted networks on other images" in line["interval"] for line in lines if line["low"])
    assert "Transfer: fine-tuning changes the accuracy of CNN by " in files["tables/notes.txt"].decode()
    assert "tables/transfer.csv" not in render_tables(make_rows(["GCH"]))
    assert render_tables(list(reversed(both_stages(make_rows)))) == files
