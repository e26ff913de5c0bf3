"""What is left of each method's accuracy when images get worse: from the study's table beside the rows."""

from collections.abc import Sequence

from benchmark.report.cells import short, signed
from benchmark.report.html.data_table import Cell, Column, data_table
from benchmark.report.html.element import el, join
from benchmark.report.html.section import Material, Section, subset_name
from benchmark.report.robustness import ALL, METRICS, Kept


def robustness(material: Material) -> Section | None:
    """A line a method; None where the study was not made, or no method answered."""
    found = [k for k in material.robustness if k.metric == METRICS[0] and k.status == "ok"]
    if not found:
        return None
    kinds = [kind for kind in dict.fromkeys(k.corruption for k in found) if kind != ALL]
    text = (
        f"Methods as fitted in each fold, asked of its test images ({subset_name(found[0].subset)}) made "
        f"worse: {', '.join(kinds)}, each at three strengths. What they keep of their accuracy on the images "
        "as they are; 100 % is nothing lost. A method that answers much the same whatever it sees keeps all "
        "of little: see how many predictions change. Difference: mean accuracy over all corruptions less "
        "that on the images as they are, 95 % bootstrap over images, of the fitted models."
    )
    columns = [
        Column("Method"),
        Column("Accuracy", number=True),
        *(Column(f"{kind.capitalize()}, % kept", number=True) for kind in kinds),
        Column("All, % kept", number=True),
        Column("Difference", number=True),
        Column("Predictions changed, %", number=True),
    ]
    rows = [_row([k for k in found if k.method == name], kinds) for name in _methods(found)]
    table = data_table("robustness", "Accuracy kept on images made worse", columns, rows)
    lacking = [k for k in material.robustness if k.metric == METRICS[0] and k.status != "ok"]
    without = [el("p", f"{k.method}: {k.status}, {k.reason}") for k in lacking]
    return Section(
        "robustness",
        "Robustness",
        "How robust are they?",
        join([el("p", text, class_="lead"), table, *without]),
    )


def _methods(found: Sequence[Kept]) -> list[str]:
    return list(dict.fromkeys(k.method for k in found))


def _row(of: Sequence[Kept], kinds: Sequence[str]) -> list[Cell | str]:
    mean = next(k for k in of if k.corruption == ALL)
    limits = "" if mean.low is None else f" [{signed(mean.low)}, {signed(mean.high)}]"
    kept = [_mean([k.kept for k in of if k.corruption == kind]) for kind in kinds]
    return [
        mean.method,
        Cell(short(mean.clean), mean.clean),
        *(_percent(share) for share in (*kept, mean.kept)),
        Cell(f"{signed(mean.difference)}{limits}", mean.difference),
        _percent(mean.changed),
    ]


def _mean(shares: Sequence[float | None]) -> float | None:
    known = [share for share in shares if share is not None]
    return sum(known) / len(known) if known else None


def _percent(share: float | None) -> Cell:
    return Cell("" if share is None else f"{100 * share:.1f}", share)
