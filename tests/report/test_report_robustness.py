"""Accuracy kept: worked out from rows, paired, with its gaps; tables that verify rebuilds."""

import dataclasses
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from benchmark.protocol.robustness_row import CLEAN, RobustnessRow, write_robustness_row
from benchmark.protocol.row import Row, RowError, write_row
from benchmark.report.evidence import EvidenceError
from benchmark.report.robustness import ALL, Kept, kept, read_kept, read_robustness
from benchmark.report.robustness_figure import draw_robustness
from benchmark.report.robustness_files import render_robustness, robustness_lines, write_robustness
from benchmark.report.verify import verify
from benchmark.report.write import refresh_page, write_report

Make = Callable[..., list[Row]]
VARIANTS = ("noise 3", "blur 1", "blur 2")


@pytest.fixture
def make_study(make_rows: Make) -> Callable[..., list[RobustnessRow]]:
    """Rows of the study: each variant mixes the scores of a run with noise, the more the later it comes."""

    def make(methods: tuple[str, ...] = ("GCH", "LCH"), n: int = 200) -> list[RobustnessRow]:
        found = []
        for i, row in enumerate(make_rows(list(methods), n=n, subsets=["five"])):
            rng = np.random.default_rng(i)
            scores = {CLEAN: row.scores}
            for v, name in enumerate(VARIANTS, start=1):
                mixed = np.clip(row.p + 0.15 * v * rng.normal(size=len(row.scores)), 0, 1)
                scores[name] = mixed.round(6).tolist()
            found.append(
                RobustnessRow(
                    cell=row.cell,
                    family=row.family,
                    folds=5,
                    protocol="grouped",
                    status="ok",
                    key=row.key,
                    depends={},
                    images=row.images,
                    labels=row.labels,
                    groups=[int(image, 16) % 10**6 for image in row.images],
                    scores=scores,
                )
            )
        return found

    return make


def at(found: list[Kept], method: str, corruption: str, strength: int, metric: str = "accuracy") -> Kept:
    (one,) = [
        k
        for k in found
        if (k.method, k.corruption, k.strength, k.metric) == (method, corruption, strength, metric)
    ]
    return one


def test_what_is_kept_worked_out_from_rows(make_study: Callable[..., list[RobustnessRow]]) -> None:
    rows = make_study()
    found = kept(rows)
    assert len(found) == 2 * (len(VARIANTS) + 1) * 2
    own = [row for row in rows if row.cell.method == "GCH"]
    labels = np.concatenate([row.labels for row in own])
    right = {
        name: (np.concatenate([row.scores[name] for row in own]) >= 0.5) == (labels == 1)
        for name in (CLEAN, *VARIANTS)
    }
    k = at(found, "GCH", "noise", 3)
    assert (k.clean, k.value) == pytest.approx((right[CLEAN].mean(), right["noise 3"].mean()))
    assert k.difference == pytest.approx(right["noise 3"].mean() - right[CLEAN].mean())
    assert k.kept == pytest.approx(right["noise 3"].mean() / right[CLEAN].mean())
    assert k.changed == pytest.approx((right["noise 3"] != right[CLEAN]).mean())
    assert k.low < k.difference < k.high  # type: ignore[operator]
    mean = at(found, "GCH", ALL, 0)
    assert mean.value == pytest.approx(np.mean([right[name].mean() for name in VARIANTS]))


def test_the_interval_is_paired(make_study: Callable[..., list[RobustnessRow]]) -> None:
    """An image that hardly changes hardly counts: far narrower than two independent accuracies."""
    rows = make_study(n=400)
    near = [
        row.model_copy(
            update={
                "scores": {
                    CLEAN: row.scores[CLEAN],
                    "blur 1": [min(s + 0.01, 1.0) for s in row.scores[CLEAN]],
                }
            }
        )
        for row in rows
    ]
    k = at(kept(near), "GCH", "blur", 1)
    independent = 2 * 2.24 * np.sqrt(2 * 0.25 / 240)
    assert k.low is not None
    assert k.high - k.low < 0.4 * independent  # type: ignore[operator]


def test_a_missing_or_failed_fold_is_named_and_not_averaged(
    make_study: Callable[..., list[RobustnessRow]],
) -> None:
    rows = make_study()
    failed = rows[2].model_copy(update={"status": "failed", "reason": "no\n memory", "scores": {}})
    found = kept([*rows[:2], failed, *rows[3:9]])
    gch, lch = (at(found, m, ALL, 0) for m in ("GCH", "LCH"))
    assert (gch.status, gch.reason, gch.value) == ("failed", "fold 3 missing: no memory", None)
    assert (lch.status, lch.reason) == ("incomplete", "fold 5 missing")
    assert robustness_lines(found)[0] == "GCH: failed, fold 3 missing: no memory"
    with pytest.raises(ValueError, match="nothing to draw"):
        draw_robustness(found)
    assert "tables/robustness.tex" not in render_robustness([*rows[:2], failed, *rows[3:9]])


def test_rows_that_do_not_belong_together_are_refused(make_study: Callable[..., list[RobustnessRow]]) -> None:
    with pytest.raises(EvidenceError, match="study robustness"):
        kept([])
    rows = make_study()
    other = rows[0].model_copy(update={"cell": rows[0].cell.model_copy(update={"subset": "four"})})
    with pytest.raises(EvidenceError, match=r"different subsets \((five, four|four, five)\)"):
        kept([other, *rows[1:]])
    fewer = rows[-1].model_copy(update={"images": rows[-2].images})
    with pytest.raises(EvidenceError, match="tests other images"):
        kept([*rows[:-1], fewer])


def test_tables_do_not_depend_on_the_order_of_rows(make_study: Callable[..., list[RobustnessRow]]) -> None:
    rows = make_study()
    assert render_robustness(rows[::-1]) == render_robustness(rows)


def test_the_figure_shows_what_is_kept(make_study: Callable[..., list[RobustnessRow]]) -> None:
    found = kept(make_study())
    axes = draw_robustness(found).axes
    assert [a.get_title() for a in axes] == ["accuracy", "blur", "noise", "mean"]
    shown = np.asarray(axes[1].images[0].get_array())
    expected = [[at(found, m, "blur", s).kept for s in (1, 2)] for m in ("GCH", "LCH")]
    assert shown == pytest.approx(np.array(expected))


def test_verify_checks_the_study_of_a_run(
    make_rows: Make, make_study: Callable[..., list[RobustnessRow]], tmp_path: Path
) -> None:
    rows = make_rows(["GCH", "LCH"], n=60)
    for row in rows:
        write_row(row, tmp_path / "rows")
    study = tmp_path / "robustness"
    for one in make_study():
        write_robustness_row(one, study / "rows")
    write_robustness(read_robustness(study / "rows"), study)
    write_report(rows, tmp_path)
    assert verify(tmp_path) == []
    table = study / "tables" / "robustness.csv"
    text = table.read_text()
    line = next(line for line in text.split("\n") if line.startswith("GCH,five,noise,3,accuracy"))
    table.write_text(text.replace(line, line.replace(line.split(",")[6], "0.9999")))
    (problem,) = verify(tmp_path)
    assert problem.startswith("robustness/tables/robustness.csv: line ")
    assert "(GCH five noise 3 accuracy 120), value: stored '0.9999'" in problem
    table.write_text(text)
    path = next((study / "rows").iterdir())
    path.write_bytes(b"{}")
    (problem,) = verify(tmp_path)
    assert path.name in problem
    with pytest.raises(RowError, match=path.name):
        read_robustness(study / "rows")


def test_the_stored_table_is_read_as_it_was_written(
    make_study: Callable[..., list[RobustnessRow]], tmp_path: Path
) -> None:
    rows = make_study()
    write_robustness(rows, tmp_path)
    read = read_kept(tmp_path)
    assert len(read) == len(kept(rows))
    for stored, made in zip(read, kept(rows), strict=True):
        for name, value in dataclasses.asdict(made).items():
            assert getattr(stored, name) == (
                pytest.approx(value, abs=5.1e-5) if isinstance(value, float) else value
            )
    assert read_kept(tmp_path / "elsewhere") == ()
    table = tmp_path / "tables" / "robustness.csv"
    table.write_text(re.sub(r",\d+,ok,", ",many,ok,", table.read_text()))
    with pytest.raises(EvidenceError, match=r"robustness\.csv: damaged .*write it again"):
        read_kept(tmp_path)


def test_the_page_shows_what_is_kept_and_verify_holds_it(
    make_rows: Make, make_study: Callable[..., list[RobustnessRow]], tmp_path: Path
) -> None:
    rows = make_rows(["GCH", "LCH"], n=60)
    for row in rows:
        write_row(row, tmp_path / "rows")
    write_report(rows, tmp_path)
    page = tmp_path / "report.html"
    assert b'id="robustness"' not in page.read_bytes()
    study = tmp_path / "robustness"
    for one in make_study():
        write_robustness_row(one, study / "rows")
    found = read_robustness(study / "rows")
    write_robustness(found, study)
    refresh_page(rows, tmp_path)
    assert verify(tmp_path) == []
    text = page.read_text()
    mean = at(kept(found), "LCH", ALL, 0)
    assert mean.kept is not None
    part = text[text.index('id="robustness"') :]
    assert f">{100 * round(mean.kept, 4):.1f}<" in part[: part.index("</section>")]
    page.write_text(text.replace("How robust are they?", "How robust?"))
    assert [problem for problem in verify(tmp_path) if problem.startswith("report.html")]
