"""The report of the study: measures by hand, findings from intervals, gaps named."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from benchmark.protocol.study_cell import ArmRecord, Images, StudyCell
from benchmark.report.progressive.measures import (
    ACCURACY,
    AUC,
    KEPT_NEGATIVE,
    KEPT_POSITIVE,
    LEARNED,
    TRUE,
    WEAK,
    WRONG,
    WRONG_KEPT,
    WRONG_REMOVED,
    Quantity,
    measure,
)
from benchmark.report.progressive.summary import summarise
from benchmark.report.progressive.tables import results_csv
from benchmark.report.progressive.write import write_progressive
from benchmark.study import CNN, NO_REMOVAL, PCNN, RANDOM

MakeCell = Callable[..., StudyCell]
N, M = 200, 120


@pytest.fixture
def make_cell() -> MakeCell:
    """A cell whose PCNN removes ``wrong_removed`` of the wrong labels, a tenth of the others, and gains."""

    def make(
        seed: int = 0,
        noise: float = 0.0,
        gain: float = 0.0,
        wrong_removed: float = 0.1,
        known: bool = True,
        failed: str = "",
    ) -> StudyCell:
        world = np.random.default_rng(99)
        true, test = world.integers(0, 2, N), world.integers(0, 2, M)
        weak = np.where(world.random(N) < 0.2, 1 - true, true)
        rng = np.random.default_rng([seed, round(10 * noise)])
        learned = np.arange(N) >= 20
        wrong = weak != true
        removed = learned & (rng.random(N) < np.where(wrong, wrong_removed, 0.1))
        at_random = np.zeros(N, dtype=bool)
        at_random[rng.permutation(np.flatnonzero(learned))[: removed.sum()]] = True
        base = test + world.normal(0, 0.8, M)
        arms = {
            CNN: (base, learned),
            PCNN: (base + gain * (2 * test - 1), learned & ~removed),
            RANDOM: (base + 0.01 * rng.normal(size=M), learned & ~at_random),
            NO_REMOVAL: (base + 0.01 * rng.normal(size=M), learned),
        }

        records = {
            name: ArmRecord(scores=(1 / (1 + np.exp(0.5 - s))).tolist(), learned=kept.tolist(), iterations=10)
            for name, (s, kept) in arms.items()
        }

        def images(n: int, weak: np.ndarray, true: np.ndarray) -> Images:
            judged = true if known else np.full(n, -1)
            return Images(
                ids=[str(i) for i in range(n)], groups=range(n), weak=weak.tolist(), true=judged.tolist()
            )

        return StudyCell(
            study="progressive",
            source="made",
            seed=seed,
            noise=noise,
            status="failed" if failed else "ok",
            reason=failed,
            key="k",
            depends={},
            train=images(N, weak, true),
            test=images(M, test, test),
            learned_labels=weak.tolist(),
            arms={} if failed else records,
        )

    return make


def test_measures_by_hand(make_cell: MakeCell) -> None:
    cell = make_cell(gain=0.2, wrong_removed=0.7)
    found = measure([cell])
    labels, scores = np.array(cell.test.true), cell.scores(PCNN)
    at = (0.0, 0)
    assert found[Quantity(PCNN, AUC, TRUE)][at].value == pytest.approx(roc_auc_score(labels, scores))
    accuracy = np.mean((scores >= 0.5) == labels)
    assert found[Quantity(PCNN, ACCURACY, WEAK)][at].value == pytest.approx(accuracy)
    learned, kept = cell.learned(CNN), cell.learned(PCNN)
    wrong = np.array(cell.train.true) != np.array(cell.learned_labels)
    for metric, members in ((WRONG, learned), (WRONG_KEPT, kept), (WRONG_REMOVED, learned & ~kept)):
        measured = found[Quantity(PCNN, metric, TRUE)][at]
        assert measured.value == pytest.approx(wrong[members].mean())
        assert measured.images == members.sum()
    for metric, label in ((KEPT_POSITIVE, 1), (KEPT_NEGATIVE, 0)):
        of_class = learned & (np.array(cell.learned_labels) == label)
        assert found[Quantity(PCNN, metric, LEARNED)][at].value == pytest.approx(kept[of_class].mean())


def test_exchanged_labels_count_as_wrong(make_cell: MakeCell) -> None:
    cell = make_cell()
    turned = cell.model_copy(update={"learned_labels": [1 - label for label in cell.train.true]})
    assert measure([turned])[Quantity(PCNN, WRONG, TRUE)][0.0, 0].value == 1


@pytest.mark.parametrize(
    ("gain", "wrong_removed", "finding", "removal"),
    [
        (0.5, 0.9, "helps", "removes wrong labels"),
        (-0.5, 0.0, "hurts", "removes right labels"),
        (0.0, 0.1, "not separable", "not separable"),
    ],
)
def test_findings_follow_from_the_intervals(
    make_cell: MakeCell, gain: float, wrong_removed: float, finding: str, removal: str
) -> None:
    # a little of its own for each seed: no two trainings are the same
    cells = [
        make_cell(seed, noise, gain + 0.01 * seed, wrong_removed) for noise in (0.0, 0.2) for seed in range(3)
    ]
    lines = {(line.noise, line.what, line.metric, line.labels): line for line in summarise(cells)}
    assert lines[None, "PCNN - CNN", AUC, TRUE].finding == finding
    assert lines[None, "PCNN: removed - kept", "label_error", TRUE].finding == removal
    assert lines[None, "random removal: removed - kept", "label_error", TRUE].finding == "not separable"
    one = lines[0.2, "PCNN - CNN", AUC, TRUE]
    arms = [lines[0.2, arm, AUC, TRUE].mean for arm in (PCNN, CNN)]
    assert one.mean == pytest.approx(arms[0] - arms[1])


def test_one_seed_gives_no_finding(make_cell: MakeCell, tmp_path: Path) -> None:
    cells = [make_cell(0, noise, 0.5) for noise in (0.0, 0.2)]
    lines = [line for line in summarise(cells) if line.what == "PCNN - CNN"]
    assert {line.finding for line in lines} == {"no interval"}
    text = write_progressive(cells, (), tmp_path)
    assert "no finding without intervals: give two or more seeds" in text


def test_a_failed_cell_leaves_a_gap_with_its_reason(make_cell: MakeCell, tmp_path: Path) -> None:
    cells = [make_cell(seed, noise) for noise in (0.0, 0.2) for seed in range(2)]
    cells.append(make_cell(2, 0.0))
    cells.append(make_cell(2, 0.2, failed="SelectionError: nothing is left"))
    lines = {(line.noise, line.what, line.metric, line.labels): line for line in summarise(cells)}
    assert lines[0.0, "PCNN - CNN", AUC, TRUE].mean is not None
    for noise in (0.2, None):
        line = lines[noise, "PCNN - CNN", AUC, TRUE]
        assert line.mean is None
        assert "seed 2 noise 0.2 failed: SelectionError" in line.reason
    text = write_progressive(cells, (), tmp_path)
    assert "at a share of 0 exchanged" in text, "the answer is that of the level that is complete"
    assert "failed: seed 2 noise 0.2: SelectionError: nothing is left" in text
    nothing = [make_cell(0, 0.0), make_cell(1, 0.0, failed="it died")]
    assert "no answer: seed 1 noise 0 failed: it died" in write_progressive(nothing, (), tmp_path)
    rows = list(csv.DictReader(io.StringIO(results_csv(cells).decode())))
    assert [row["reason"] for row in rows if row["status"] == "failed"] == ["SelectionError: nothing is left"]


def test_without_true_labels_only_the_weak_ones_speak(make_cell: MakeCell, tmp_path: Path) -> None:
    cells = [make_cell(seed, known=False, gain=0.5) for seed in range(2)]
    assert {line.labels for line in summarise(cells)} <= {WEAK, LEARNED, ""}
    text = write_progressive(cells, (), tmp_path)
    assert "of no training image is it known whether its label is wrong" in text
    assert "AUC on the test part, weak labels" in text


def test_the_same_cells_give_the_same_bytes(make_cell: MakeCell, tmp_path: Path) -> None:
    cells = [make_cell(seed, noise) for noise in (0.0, 0.2) for seed in range(2)]
    for folder in ("a", "b"):
        write_progressive(cells, ("a note",), tmp_path / folder)
    names = {"results.csv", "summary.csv", "findings.txt", "figure.png", "figure.pdf"}
    assert {path.name for path in (tmp_path / "a").iterdir()} == names
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_all_failed_still_says_so(make_cell: MakeCell, tmp_path: Path) -> None:
    (tmp_path / "figure.png").write_bytes(b"of an earlier study")
    text = write_progressive([make_cell(failed="it died")], (), tmp_path)
    assert "failed: seed 0 noise 0: it died" in text
    assert not (tmp_path / "figure.png").exists()
