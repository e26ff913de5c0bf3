"""The report of the robustness study: what lies in ``robustness`` of a run's folder beside the rows."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmark.data.corruptions import LEVELS
from benchmark.data.files import write_bytes
from benchmark.protocol.robustness_row import RobustnessRow
from benchmark.report.booktabs import environment, named
from benchmark.report.cells import short, signed
from benchmark.report.files import csv_files, figure_files
from benchmark.report.robustness import ALL, COLUMNS, METRICS, Kept, kept
from benchmark.report.robustness_figure import robustness_files

LEVEL = {
    "blur": "standard deviation of a Gaussian blur {} of the side",
    "noise": "standard deviation of Gaussian noise {} of white",
    "jpeg": "JPEG of quality {}",
    "crop": "a window of {} of the side, scaled back",
    "brightness": "brightness times, or divided by, {}",
}


def render_robustness(rows: Iterable[RobustnessRow]) -> dict[str, bytes]:
    """Tables of the study by their path in its folder, from the rows alone.

    Raises
    ------
    EvidenceError
        There are no rows, or they do not belong together.
    """
    return _tables(kept(rows))


def _tables(found: Sequence[Kept]) -> dict[str, bytes]:
    files = csv_files({"robustness": (COLUMNS, found)})
    if any(k.status == "ok" for k in found):
        files["tables/robustness.tex"] = robustness_tex(found)
    return files


def write_robustness(rows: Sequence[RobustnessRow], folder: Path) -> list[Path]:
    """Write tables and figure into the study's folder, each file whole or not at all."""
    found = kept(rows)
    files = _tables(found)
    if any(k.status == "ok" for k in found):
        files |= figure_files("robustness", robustness_files(found))
    for name, data in files.items():
        write_bytes(folder / name, data)
    return [folder / name for name in files]


def robustness_tex(found: Sequence[Kept]) -> bytes:
    """A line a method: accuracy, share of it that is kept of each kind (mean of strengths), and of all."""
    shown = [k for k in found if k.metric == METRICS[0] and k.status == "ok"]
    kinds = [kind for kind in dict.fromkeys(k.corruption for k in shown) if kind != ALL]
    body: list[str] = []
    for method in dict.fromkeys(k.method for k in shown):
        of = [k for k in shown if k.method == method]
        mean = next(k for k in of if k.corruption == ALL)
        cells = [short(mean.clean), *(_percent(_mean(of, kind)) for kind in kinds), _percent(mean.kept)]
        limits = "" if mean.low is None else f"[${signed(mean.low)}$, ${signed(mean.high)}$]"
        body += named(method, [*cells, rf"${signed(mean.difference)}$ {{\scriptsize {limits}}}"])
    head = " & ".join([*(kind.capitalize() for kind in kinds), "All", r"\multicolumn{1}{c}{Difference}"])
    levels = "; ".join(
        f"{kind}: {LEVEL[kind].format(', '.join(f'{v:g}' for v in LEVELS[kind]))}" for kind in kinds
    )
    remarks = [
        f"Strengths 1 to 3 are {levels}. Difference: mean accuracy under all corruptions less that on the "
        f"images as they are, 95 % BCa bootstrap over images, of the fitted models."
    ]
    caption = (
        f"Robustness: accuracy on the subset {shown[0].subset}, and how many per cent of it each method "
        f"keeps when test images are made worse (mean of three strengths)."
    )
    columns = "l" + "c" * (len(kinds) + 2) + "l"
    return environment(
        "robustness",
        caption,
        columns,
        [f"Method & Accuracy & {head} " + r"\\"],
        body,
        remarks,
        r"\footnotesize\setlength{\tabcolsep}{3pt}",
    )


def robustness_lines(found: Sequence[Kept]) -> list[str]:
    """A line a method, for the screen."""
    lines = []
    for k in (k for k in found if (k.metric, k.corruption) == (METRICS[0], ALL)):
        if k.status != "ok":
            lines.append(f"{k.method}: {k.status}, {k.reason}")
            continue
        limits = "" if k.low is None else f" [{signed(k.low)}, {signed(k.high)}]"
        lines.append(
            f"{k.method}: accuracy {short(k.clean)}, keeps {_percent(k.kept)} % of it "
            f"({signed(k.difference)}{limits}); {_percent(k.changed)} % of predictions change"
        )
    return lines


def _mean(of: Sequence[Kept], kind: str) -> float:
    values = [k.kept for k in of if k.corruption == kind and k.kept is not None]
    return sum(values) / len(values)


def _percent(share: float | None) -> str:
    return "--" if share is None else f"{100 * share:.0f}"
