"""The paper's claims: which contrasts they are, how ours are judged, and what published figures can show."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from benchmark.protocol.row import Row
from benchmark.report.analysis import Analysis, analysis_of
from benchmark.report.claims import CLAIMS, CV, ZERO, Contrast, Side
from benchmark.report.claims_page import claims_lines, claims_markdown, claims_tex
from benchmark.report.contrast import Rows, over_images
from benchmark.report.judgement import (
    CONTRADICTED,
    NOT_RUN,
    OPEN,
    SUPPORTED,
    Judgement,
    judge,
    refuted,
    verdict,
    verdicts,
    whole,
)
from benchmark.report.published_errors import certainty, published_value, standard_error

Make = Callable[..., list[Row]]


def scored(rows: list[Row], lift: float) -> list[Row]:
    """The same rows with scores moved towards the labels, or away from them."""
    found = []
    for row in rows:
        scores = [
            round(min(max(s + lift * (2 * y - 1), 0.0), 1.0), 6)
            for s, y in zip(row.scores, row.labels, strict=True)
        ]
        content = row.model_dump() | {"scores": scores, "predictions": [int(s >= 0.5) for s in scores]}
        found.append(Row.model_validate(content))
    return found


@pytest.fixture(scope="module")
def analysis(make_rows: Make) -> Analysis:
    """CNN poor before transfer and good after, PCNN the other way round; LCH+BoW like SentiBank."""
    n = 300
    return analysis_of(
        scored(make_rows(["CNN"], n=n, stage="zero-transfer"), -0.05)
        + scored(make_rows(["CNN"], n=n), 0.2)
        + scored(make_rows(["PCNN"], n=n, stage="zero-transfer"), 0.2)
        + scored(make_rows(["PCNN"], n=n), -0.05)
        + make_rows(["GCH", "SentiBank", "LCH+BoW"], n=n)
    )


def of(analysis: Analysis, claim: str, left: str, subset: str, metric: str = "accuracy") -> Judgement:
    (found,) = [
        j
        for j in analysis.judgements
        if (j.claim, j.left, j.subset, j.metric) == (claim, left, subset, metric)
    ]
    return found


def test_claims_are_about_published_figures() -> None:
    for claim in CLAIMS:
        for contrast in claim.contrasts:
            for side in (contrast.left, contrast.right):
                assert published_value(side, "accuracy") is not None
                assert published_value(side, "f1") is not None
            assert contrast.left != contrast.right
            assert certainty(contrast, "f1") == "A"
    assert len({claim.name for claim in CLAIMS}) == len(CLAIMS)
    assert [len(claim.contrasts) for claim in CLAIMS] == [36, 3, 3, 6, 15, 3, 4, 16]


def test_transfer_is_judged_by_pairing_both_stages(analysis: Analysis) -> None:
    better, worse = (of(analysis, "transfer", f"{m} fine-tuned", "three") for m in ("CNN", "PCNN"))
    right = {stage: analysis.outcomes[stage, "three"].right("CNN")[0].mean() for stage in (CV, ZERO)}
    assert better.difference == pytest.approx(right[CV] - right[ZERO])
    assert (better.verdict, worse.verdict) == (SUPPORTED, CONTRADICTED)
    assert better.low > 0 > worse.high  # type: ignore[operator]
    (gain,) = [g for g in analysis.gains if (g.method, g.subset, g.metric) == ("CNN", "three", "accuracy")]
    assert (better.difference, better.low, better.high) == (gain.gain, gain.low, gain.high), "one interval"
    assert better.folds_low < better.difference < better.folds_high  # type: ignore[operator]


def test_a_difference_on_one_subset_has_the_interval_of_the_pairs(analysis: Analysis) -> None:
    found = of(analysis, "pcnn-over-cnn-after", "PCNN", "four")
    (pair,) = [
        p
        for p in analysis.pairs
        if (p.stage, p.subset, p.metric, p.test) == (CV, "four", "accuracy", "BCa bootstrap")
        and {p.method_a, p.method_b} == {"CNN", "PCNN"}
    ]
    assert pair.method_a == "CNN"
    assert (found.difference, found.low, found.high) == pytest.approx(
        (-pair.difference, -pair.high, -pair.low)
    )  # type: ignore[operator]
    assert found.verdict == CONTRADICTED
    assert of(analysis, "pcnn-over-cnn-before", "PCNN", "four").verdict == SUPPORTED


def test_a_subset_and_the_one_around_it_are_drawn_together(analysis: Analysis) -> None:
    """Nested images: the interval is narrower than if the two accuracies were independent."""
    found = of(analysis, "clearer-all", "GCH on four", "four")
    narrow, wide = (analysis.outcomes[CV, s].right("GCH")[0] for s in ("four", "three"))
    assert found.difference == pytest.approx(narrow.mean() - wide.mean())
    apart = 2.24 * math.sqrt(narrow.var() / len(narrow) + wide.var() / len(wide))
    assert (found.high - found.low) / 2 < 0.8 * apart  # type: ignore[operator]


def test_what_was_not_run_is_said(analysis: Analysis) -> None:
    found = [j for j in analysis.judgements if j.claim == "sentribute"]
    assert {j.verdict for j in found} == {NOT_RUN}
    assert {j.difference for j in found} == {None}
    assert found[0].right == "GCH"
    assert found[0].remark == "not run, or incomplete: Sentribute"
    (lch,) = {j.remark for j in found if j.right == "LCH"}
    assert lch == "not run, or incomplete: Sentribute, LCH"


def test_verdicts_of_one_difference_and_of_a_whole_claim() -> None:
    assert [verdict(0.1, 0.2), verdict(-0.2, -0.1), verdict(-0.1, 0.1)] == [SUPPORTED, CONTRADICTED, OPEN]
    assert verdict(None, None) == OPEN
    assert whole([SUPPORTED, SUPPORTED], False) == SUPPORTED
    assert whole([SUPPORTED, OPEN], False) == OPEN
    assert whole([SUPPORTED, NOT_RUN, OPEN], False) == NOT_RUN
    assert whole([CONTRADICTED, NOT_RUN, SUPPORTED], True) == CONTRADICTED
    assert whole([CONTRADICTED, SUPPORTED], False) == OPEN


def test_one_difference_of_many_refutes_a_claim_only_at_the_level_of_as_many() -> None:
    assert refuted([(-0.1, -0.001)])
    assert not refuted([(-0.1, 0.001)])
    assert not refuted([(None, None)])
    one, others = (-0.3, -0.1), [(0.2, 0.4)]
    # its standard error is .2 / 1.96; 0 lies 2.94 of them away: past 2.24, the limit of two, not 3.20, of 36
    assert refuted([one, *others])
    assert not refuted([one, *others * 35])
    assert not refuted([one, *others * 35, (None, None)])


def test_a_claim_that_is_true_is_seldom_contradicted_however_many_differences_it_has() -> None:
    rng = np.random.default_rng(3)
    drawn = rng.standard_normal((2000, 36))
    corrected = np.mean([refuted([(x, x + 1.96) for x in line]) for line in drawn])
    plain = np.mean((drawn + 1.96 < 0).any(axis=1))
    assert plain > 0.5
    assert corrected < 0.04


def test_a_claim_names_its_weakest_difference_and_counts_the_others(analysis: Analysis) -> None:
    found = {(v.claim, v.metric): v for v in verdicts(analysis.judgements)}
    assert len(found) == 2 * len(CLAIMS)
    v = found["transfer", "accuracy"]
    assert (v.verdict, v.differences, v.not_run) == (CONTRADICTED, 6, 0)
    assert v.supported + v.contradicted + v.not_separable == 6
    parts = [j for j in analysis.judgements if (j.claim, j.metric) == ("transfer", "accuracy")]
    assert v.difference == min(j.difference for j in parts if j.difference is not None)
    assert v.weakest.startswith("PCNN fine-tuned - PCNN before transfer (")
    partly = found["clearer-all", "accuracy"]
    assert partly.not_run == 2 * 3  # LCH, GCH+BoW and Sentribute
    assert partly.remark.startswith("not run, or incomplete: LCH, GCH+BoW, Sentribute;")
    assert "the majority class alone gives 0.659 on five" in partly.remark


def test_published_errors_worked_by_hand() -> None:
    same = Contrast(Side(CV, "LCH+BoW", "five"), Side(CV, "SentiBank", "five"))
    error, basis = standard_error(same, "accuracy", None)
    assert error == pytest.approx(math.sqrt((0.717 * 0.283 + 0.709 * 0.291) / 882))
    assert "upper bound" in basis
    error, basis = standard_error(same, "accuracy", 0.2)
    assert error == pytest.approx(math.sqrt((0.2 - 0.008**2) / 882))
    assert "0.200" in basis
    # a disagreement below the difference cannot be
    assert standard_error(same, "accuracy", 0.0)[0] == pytest.approx(math.sqrt((0.008 - 0.008**2) / 882))


def test_a_published_f1_varies_as_the_delta_method_says() -> None:
    """Against simulation: hits and false alarms drawn with the published rates."""
    contrast = Contrast(Side(CV, "GCH", "five"), Side(CV, "GCH", "five"))
    error, _ = standard_error(contrast, "f1", None)
    rng = np.random.default_rng(0)
    hits = rng.binomial(581, 0.888, 20_000)
    false = rng.binomial(301, 581 * 0.888 * (1 / 0.708 - 1) / 301, 20_000)
    f1 = 2 * hits / (581 + hits + false)
    assert f1.mean() == pytest.approx(0.787, abs=0.002)
    assert error == pytest.approx(math.sqrt(2) * f1.std(), rel=0.03)


def test_published_subsets_lie_in_each_other() -> None:
    """One model on 882 images and on the 1,116 that hold them: only the 234 others make the difference."""
    contrast = Contrast(Side(ZERO, "CNN", "five"), Side(ZERO, "CNN", "four"))
    error, _ = standard_error(contrast, "accuracy", None)
    rng = np.random.default_rng(0)
    inside = rng.binomial(882, 0.722, 40_000)
    added = rng.binomial(234, (1116 * 0.686 - 882 * 0.722) / 234, 40_000)
    assert error == pytest.approx((inside / 882 - (inside + added) / 1116).std(), rel=0.02)
    two_models = Contrast(Side(CV, "GCH", "five"), Side(CV, "GCH", "four"))
    assert standard_error(two_models, "accuracy", 0.1)[0] > standard_error(two_models, "accuracy", 0.0)[0]


def test_the_published_networks_are_told_apart_from_nothing_near_them(analysis: Analysis) -> None:
    """PCNN over CNN: two points on 882 images, whatever our rows say."""
    for j in analysis.judgements:
        if j.claim in ("pcnn-over-cnn-before", "pcnn-over-cnn-after") and j.metric == "accuracy":
            assert j.published_verdict == OPEN


def test_contrasts_do_not_depend_on_the_order_of_rows(make_rows: Make) -> None:
    rows = make_rows(["CNN", "PCNN"], n=60) + make_rows(["CNN", "PCNN"], n=60, stage="zero-transfer")
    shuffled = [rows[i] for i in np.random.default_rng(0).permutation(len(rows))]
    assert analysis_of(rows).judgements == analysis_of(shuffled).judgements


def test_other_images_are_not_judged(make_rows: Make) -> None:
    assert analysis_of(make_rows(["CNN"], published=False)).judgements == []


def test_pages_have_a_line_a_claim(analysis: Analysis) -> None:
    found = verdicts(analysis.judgements)
    text = claims_markdown(analysis.evidence, found).decode()
    lines = text.split("\n")
    assert len([line for line in lines if line.startswith("| ")]) == 1 + len(CLAIMS)
    line = next(line for line in lines if line.startswith("| Domain transfer"))
    assert line.count("contradicted (3 of 6 hold, 3 contradicted)") == 2
    assert "PCNN fine-tuned - PCNN before transfer" in line
    said = claims_lines(found)
    assert len(said) == 3 * len(CLAIMS)
    assert "  ours: not run" in said
    assert not any("†" in line for line in said)
    tex = claims_tex(analysis.evidence, found).decode()
    assert tex.count(r"\tabularnewline") == len(CLAIMS)


def test_claims_judged_on_other_methods_than_the_papers_are_marked(make_rows: Make) -> None:
    used = {"artefacts": {"anp-bank": {"source": "coco", "images": 9_000}}}
    rows = [
        Row.model_validate(r.model_dump() | {"details": used}) if r.cell.method == "SentiBank" else r
        for r in make_rows(["LCH+BoW", "SentiBank"])
    ]
    analysis = analysis_of(rows)
    found = verdicts(analysis.judgements)
    said = claims_lines(found)
    assert said[-1].startswith("  † A method that the claim is about learned from another source")
    ours = said[said.index("LCH+BoW is better than SentiBank. (Table 6)") + 1]
    assert ours.count("†") == 2
    # this claim and the last one, in two metrics each, and the remark below
    assert claims_tex(analysis.evidence, found).decode().count(r"$\dagger$") == 4 + 1
    assert "† A method" in claims_markdown(analysis.evidence, found).decode()


def test_judging_is_a_function_of_rows_alone(analysis: Analysis) -> None:
    rows = Rows(analysis.evidence, analysis.outcomes, analysis.pairs, analysis.gains)
    assert judge(rows) == analysis.judgements
    contrast = CLAIMS[3].contrasts[0]
    assert over_images(rows, contrast) == over_images(rows, contrast)
