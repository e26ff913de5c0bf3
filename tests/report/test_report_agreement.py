"""By votes, calibration and shared errors, from rows; and their figures."""

import itertools
from collections.abc import Callable

import numpy as np
import pytest

from benchmark.protocol.calibration import entropies
from benchmark.protocol.label_ceiling import ceilings
from benchmark.protocol.row import Row
from benchmark.report.agreement_tables import by_votes_tex, calibration_tex
from benchmark.report.analysis import Analysis, analysis_of
from benchmark.report.by_votes import split_names
from benchmark.report.by_votes_figure import draw_by_votes
from benchmark.report.errors import Errors, count_errors
from benchmark.report.errors_figure import MOST, draw_errors, draw_missed
from benchmark.report.evidence import gather
from benchmark.report.outcomes import gather_outcomes
from benchmark.report.reliability import BRIER, ECE, LOG_LOSS, SOFT_LOSS
from benchmark.report.reliability_figure import draw_reliability
from benchmark.report.write import render_figures, render_tables

Make = Callable[..., list[Row]]
CV = "cross-validation"


@pytest.fixture(scope="module")
def analysis(make_rows: Make) -> Analysis:
    return analysis_of(make_rows(["Majority", "GCH", "LCH", "PCNN"], n=250))


def changed(row: Row, **fields: object) -> Row:
    return Row.model_validate(row.model_dump() | fields)


def rescored(row: Row, score: Callable[[int, float], float]) -> Row:
    scores = [score(y, s) for y, s in zip(row.labels, row.scores, strict=True)]
    return changed(row, scores=scores, predictions=[int(s >= 0.5) for s in scores])


def test_accuracy_by_votes_is_of_the_widest_subsets_models(analysis: Analysis) -> None:
    seen = analysis.outcomes[CV, "three"]
    names = split_names(seen.votes)  # type: ignore[arg-type]
    found = {(b.method, b.votes): b for b in analysis.by_votes if b.metric == "accuracy"}
    assert [key[1] for key in found if key[0] == "GCH"] == ["5:0", "4:1", "3:2"]
    for votes in ("5:0", "4:1", "3:2"):
        line, mask = found["LCH", votes], names == votes
        assert line.value == pytest.approx(seen.right("LCH")[0, mask].mean())
        assert (line.images, line.positive) == (int(mask.sum()), int(seen.labels[mask].sum()))
        share = seen.labels[mask].mean()
        assert line.majority == pytest.approx(max(share, 1 - share))
        assert line.low < line.value < line.high  # type: ignore[operator]


def test_ceilings_are_of_every_subset_and_kind_of_votes(analysis: Analysis) -> None:
    found = {(n.images, n.judge): n for n in analysis.noise}
    assert {images for images, _ in found} == {"five", "four", "three", "5:0", "4:1", "3:2"}
    seen = analysis.outcomes[CV, "three"]
    assert seen.votes is not None
    (expected,) = ceilings(seen.votes, [seen.votes.max(axis=1) >= 4])
    four = found["four", "population"]
    assert (four.value, four.low, four.n) == pytest.approx((expected[0].value, expected[0].low, 200))
    line = next(b for b in analysis.by_votes if (b.votes, b.metric) == ("3:2", "accuracy"))
    assert line.ceiling == found["3:2", "population"].value


def test_votes_that_are_unknown_or_unanimous_have_no_ceiling(make_rows: Make) -> None:
    rows = make_rows(["GCH"], n=60)
    unknown = analysis_of([changed(row, votes=None) for row in rows])
    assert (unknown.noise, unknown.by_votes) == ([], [])
    assert {m.reason for m in unknown.measures if m.measure == SOFT_LOSS} == {"the votes are not known"}
    clear = analysis_of(make_rows(["GCH"], n=60, subsets=["five"]))
    assert all(n.value is None and "unanimous" in n.reason for n in clear.noise)
    assert clear.by_votes[0].ceiling is None
    assert "unanimous" in by_votes_tex(clear.evidence, clear.by_votes, clear.noise).decode()


def test_measures_of_scores_worked_out_from_rows(analysis: Analysis) -> None:
    seen = analysis.outcomes[CV, "four"]
    scores, labels = seen.scores["GCH"][0], seen.labels
    found = {m.measure: m for m in analysis.measures if (m.subset, m.method) == ("four", "GCH")}
    brier = found[BRIER]
    assert brier.value == pytest.approx(np.mean((scores - labels) ** 2))
    assert brier.low < brier.value < brier.high  # type: ignore[operator]
    assert brier.constant == pytest.approx(labels.mean() * (1 - labels.mean()))
    assert seen.votes is not None
    shares = seen.votes[:, 1] / seen.votes.sum(axis=1)
    expected = -np.mean(shares * np.log(scores) + (1 - shares) * np.log(1 - scores))
    assert found[SOFT_LOSS].value == pytest.approx(expected)
    assert found[SOFT_LOSS].best == pytest.approx(entropies(shares).mean())
    assert found[LOG_LOSS].best == 0
    assert found[ECE].low is None
    bins = [b for b in analysis.bins if (b.subset, b.method) == ("four", "GCH")]
    assert sum(b.images for b in bins) == len(labels)
    ece = sum(b.images * abs(b.score - b.positive) for b in bins) / len(labels)
    assert found[ECE].value == pytest.approx(ece)


def test_a_better_score_loses_less(make_rows: Make) -> None:
    rows = make_rows(["GCH"], n=100, subsets=["three"])
    better = [rescored(r, lambda y, s: 0.7 * s + 0.3 * y) for r in rows]
    for measure in (BRIER, LOG_LOSS, SOFT_LOSS):
        values = [
            next(m.value for m in analysis_of(of).measures if m.measure == measure) for of in (rows, better)
        ]
        assert values[1] < values[0]  # type: ignore[operator]


def errors_of(rows: list[Row]) -> Errors:
    found = analysis_of(rows).errors
    assert found is not None
    return found


def test_errors_are_counted_by_image(analysis: Analysis) -> None:
    errors = analysis.errors
    assert errors is not None
    assert errors.methods == ("GCH", "LCH", "PCNN")  # the majority class is no method
    seen = analysis.outcomes[CV, "three"]
    for image in errors.images[:20]:
        i = seen.images.index(image.image)
        wrong = [m for m in errors.methods if not seen.right(m)[0, i]]
        assert (image.wrong, image.missed_by) == (len(wrong), "; ".join(wrong))
        assert image.score == pytest.approx(np.mean([seen.scores[m][0, i] for m in errors.methods]))
    counts = [i.wrong for i in errors.images]
    assert counts == sorted(counts, reverse=True)
    assert [m.images for m in errors.missed] == np.bincount(counts, minlength=4).tolist()
    assert {i.image for i in errors.missed_by_all} == {i.image for i in errors.images if i.wrong == 3}


def test_independent_errors_are_what_chance_says(make_rows: Make) -> None:
    """The generated methods' noise is independent, so their errors come near the Poisson-binomial counts."""
    evidence = gather(make_rows(["GCH", "LCH", "PCNN"], n=3000, subsets=["three"]))
    errors = count_errors(evidence, gather_outcomes(evidence, CV, "three"))
    assert errors is not None
    assert sum(m.by_chance for m in errors.missed) == pytest.approx(3000)
    for m in errors.missed:
        assert m.images == pytest.approx(m.by_chance, abs=4 * np.sqrt(m.by_chance) + 1)
    assert all(abs(o.correlation or 0.0) < 0.08 for o in errors.overlaps)
    for o in errors.overlaps:
        assert o.both == pytest.approx(o.by_chance, rel=0.2)


def test_a_twin_errs_on_the_same_images(make_rows: Make) -> None:
    rows = make_rows(["GCH"], n=100)
    twin = [changed(r, cell=r.cell.model_copy(update={"method": "LCH"})) for r in rows]
    errors = errors_of(rows + twin)
    (overlap,) = errors.overlaps
    assert overlap.correlation == pytest.approx(1)
    assert overlap.wrong_a == overlap.wrong_b == overlap.both
    assert errors.missed[1].images == 0
    single = errors_of(rows)
    assert single.missed_by_all == []


def test_a_method_that_is_never_wrong_has_no_correlation(make_rows: Make) -> None:
    rows = make_rows(["GCH", "LCH"], n=60)
    perfect = [rescored(r, lambda y, s: float(y)) if r.cell.method == "GCH" else r for r in rows]
    assert errors_of(perfect).overlaps[0].correlation is None


def test_nobody_complete_has_no_errors(make_rows: Make, make_failed: Callable[..., Row]) -> None:
    rows = [make_failed(row, "broke") for row in make_rows(["GCH"])]
    found = analysis_of(rows)
    assert (found.errors, found.by_votes, found.measures) == (None, [], [])
    assert count_errors(found.evidence, found.outcomes[CV, "three"]) is None


def test_figures_show_what_is_in_the_tables(analysis: Analysis) -> None:
    figure = draw_by_votes(analysis.by_votes)
    assert [a.get_title().split(" (")[0] for a in figure.axes] == ["votes 5:0", "votes 4:1", "votes 3:2"]
    drawn = {round(float(x), 9) for line in figure.axes[1].lines for x in np.atleast_1d(line.get_xdata())}
    for b in analysis.by_votes:
        if (b.votes, b.metric) == ("4:1", "accuracy"):
            assert {round(v, 9) for v in (b.value, b.low, b.high, b.majority)} <= drawn  # type: ignore[arg-type]
    bins = [b for b in analysis.bins if b.subset == "three"]
    panels = draw_reliability(bins, [m for m in analysis.measures if m.subset == "three"]).axes
    assert [p.get_title().split("\n")[0] for p in panels] == ["Majority", "GCH", "LCH", "PCNN"]
    points = panels[1].collections[0].get_offsets()
    expected = [(b.score, b.positive) for b in bins if b.method == "GCH"]
    assert np.asarray(points) == pytest.approx(np.array(expected))
    assert analysis.errors is not None
    bars = draw_errors(analysis.errors).axes[0].patches
    assert [bar.get_height() for bar in bars] == [m.images for m in analysis.errors.missed]


def test_the_sheet_of_missed_images_asks_for_their_pictures(analysis: Analysis) -> None:
    assert analysis.errors is not None
    missed = analysis.errors.missed_by_all
    assert missed
    asked: list[str] = []

    def pictures(image: str) -> np.ndarray | None:
        asked.append(image)
        return np.full((20, 30, 3), 7, dtype=np.uint8) if len(asked) > 1 else None

    figure = draw_missed(missed, pictures)
    blocks = [[i.image for i in missed if i.label == label][:MOST] for label in (0, 1)]
    assert asked == list(itertools.chain(*blocks))
    texts = [text.get_text() for text in figure.axes[0].texts]
    assert asked[0][:8] in texts
    assert asked[1][:8] not in texts
    with pytest.raises(ValueError, match="nothing to show"):
        draw_missed([], pictures)


def test_the_sheet_is_written_only_where_pictures_may_be_shown(analysis: Analysis) -> None:
    assert not any("missed" in name for name in render_figures(analysis))
    with_pictures = render_figures(analysis, lambda image: np.zeros((8, 8, 3), dtype=np.uint8))
    assert {"figures/missed.png", "figures/missed.pdf"} <= set(with_pictures)


def test_figures_without_data_are_errors(analysis: Analysis, make_rows: Make) -> None:
    with pytest.raises(ValueError, match="nothing to draw"):
        draw_by_votes([])
    with pytest.raises(ValueError, match="no calibration to draw"):
        draw_reliability([], [])
    with pytest.raises(ValueError, match="fewer than two methods"):
        draw_errors(errors_of(make_rows(["GCH"], n=60)))


def test_printed_tables_hold_the_tidy_figures(analysis: Analysis) -> None:
    text = by_votes_tex(analysis.evidence, analysis.by_votes, analysis.noise).decode()
    line = next(b for b in analysis.by_votes if (b.method, b.votes, b.metric) == ("GCH", "4:1", "accuracy"))
    assert f"{line.value:.3f}"[1:] in next(row for row in text.split("\n") if row.startswith("GCH &"))
    assert "Ceilings take the votes of an image as independent draws" in text
    three = [m for m in analysis.measures if m.subset == "three"]
    body = calibration_tex(analysis.evidence, three).decode()
    row = next(row for row in body.split("\n") if row.startswith("LCH &"))
    assert row.count("&") == 6
    brier = next(m for m in three if (m.method, m.measure) == ("LCH", BRIER))
    assert row.startswith(f"LCH & {brier.value:.3f}".replace("0.", "."))


def test_all_of_it_is_rebuilt_from_rows_in_any_order(make_rows: Make) -> None:
    rows = make_rows(["GCH", "LCH"], n=60)
    shuffled = [rows[i] for i in np.random.default_rng(0).permutation(len(rows))]
    names = ("ceiling", "by_votes", "calibration", "reliability", "errors", "error_overlap", "missed")
    first, second = render_tables(rows), render_tables(shuffled)
    for name in names:
        assert first[f"tables/{name}.csv"] == second[f"tables/{name}.csv"]
