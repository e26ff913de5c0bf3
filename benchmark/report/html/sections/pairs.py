"""Every pair of methods: the difference, its intervals, and whether a test tells the two apart."""

from benchmark.report import notes
from benchmark.report.cells import p_value, signed
from benchmark.report.estimates import FOLDS, IMAGES
from benchmark.report.html.data_table import Cell, Column, data_table
from benchmark.report.html.element import el, join
from benchmark.report.html.section import STAGE_NAMES, Material, Section, metric_name, subset_name
from benchmark.report.pairs import MCNEMAR, Pair
from benchmark.report.tie_groups import LEVEL

COLUMNS = (
    Column("First"),
    Column("Second"),
    Column("Stage", menu=True),
    Column("Subset", menu=True),
    Column("Metric", menu=True, chosen="Accuracy"),
    Column("First − second", number=True),
    Column("95 % over images"),
    Column("95 % over folds"),
    Column("p over folds (Holm)", number=True),
    Column("p McNemar (Holm)", number=True),
    Column("Told apart", menu=True),
)


def pairs(material: Material) -> Section | None:
    """A line a pair, stage, subset and metric."""
    by_key: dict[tuple[str, ...], dict[str, Pair]] = {}
    for pair in material.analysis.pairs:
        key = (pair.stage, pair.subset, pair.metric, pair.method_a, pair.method_b)
        by_key.setdefault(key, {})[pair.test] = pair
    if not by_key:
        return None
    several = len({stage for stage, *_ in by_key}) > 1
    columns = [column for column in COLUMNS if several or column.title != "Stage"]
    rows = [_row(key, of, several) for key, of in by_key.items()]
    table = data_table("pairs", "Differences of every pair of methods", columns, rows)
    intro = el(
        "p",
        "A pair is told apart where a p-value, adjusted over all pairs of its subset and metric, is at most "
        ".05: in accuracy by McNemar's test, in the other metrics by the corrected resampled t-test.",
        class_="lead",
    )
    return Section(
        "pairs",
        "Pairs",
        "Pairs of methods",
        join([intro, table, el("p", notes.interval_note(), class_="note")]),
    )


def _row(key: tuple[str, ...], of: dict[str, Pair], several: bool) -> list[Cell | str]:
    stage, subset, metric, a, b = key
    images, folds, test = of.get(IMAGES), of.get(FOLDS), of.get(MCNEMAR)
    decides = test or folds
    p = decides.p_holm if decides else None
    apart = "" if p is None else "yes" if p <= LEVEL else "no"
    difference = images.difference if images else None
    return [
        a,
        b,
        *([STAGE_NAMES.get(stage, stage)] if several else []),
        subset_name(subset),
        metric_name(metric),
        Cell(signed(difference), difference, style="strong" if apart == "yes" else ""),
        _interval(images),
        _interval(folds),
        _p(folds),
        _p(test),
        apart,
    ]


def _interval(pair: Pair | None) -> Cell:
    if pair is None or pair.low is None or pair.high is None:
        return Cell("")
    return Cell(f"[{signed(pair.low)}, {signed(pair.high)}]", style="nowrap")


def _p(pair: Pair | None) -> Cell:
    p = pair.p_holm if pair else None
    return Cell("" if p is None else p_value(p).removeprefix("p ").removeprefix("= "), p)
