"""How each network was trained: loss and validation over its iterations."""

import dataclasses
from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmark.report import drawing
from benchmark.report.cells import short

PANEL, HEIGHT = 2.35, 3.3
LOSS, ITERATION = "loss", "step"
VALIDATION_LOSS, VALIDATION_AUC = "validation_log_loss", "validation_auc"
FADED = "#666666"


@dataclasses.dataclass(frozen=True)
class Training:
    """One training.

    Attributes
    ----------
    title, label : str
        Such as ``CNN``, ``CNN-weights f4b4c1608deac38e``.
    about : str
        What it learned from and for how long.
    log : sequence of mapping
        Its lines: ``step``, ``loss`` and, at the end of a pass, ``validation_log_loss``, ``validation_auc``.
    kept : int or None
        Iteration whose weights are the network.
    """

    title: str
    label: str
    about: str
    log: Sequence[Mapping[str, float]]
    kept: int | None


def draw_trainings(trainings: Sequence[Training]) -> Figure:
    """A column a training: its loss above, the AUC on the source's validation part below.

    Raises
    ------
    ValueError
        There is none.
    """
    if not trainings:
        raise ValueError("no training to draw; train a network: python -m benchmark run --methods CNN")
    with drawing.style():
        figure = drawing.new_figure(max(0.45 + PANEL * len(trainings), 4.6), HEIGHT)
        grid = figure.subplots(
            2, len(trainings), squeeze=False, sharex="col", sharey="row", height_ratios=(1.25, 1)
        )
        for i, training in enumerate(trainings):
            _losses(grid[0][i], training)
            _aucs(grid[1][i], training)
        grid[0][0].set_ylabel("log loss")
        grid[1][0].set_ylabel("validation AUC")
        handles, names = grid[0][0].get_legend_handles_labels()
        figure.legend(
            handles, names, loc="lower center", ncols=len(handles), fontsize=7, frameon=False, borderpad=0
        )
        figure.set_layout_engine("constrained", rect=(0, 0.07, 1, 0.93), wspace=0.03)
    return figure


def training_files(trainings: Sequence[Training]) -> dict[str, bytes]:
    """The curves as ``png`` and ``pdf``."""
    with drawing.style():
        return drawing.picture_bytes(draw_trainings(trainings))


def _losses(axes: Axes, training: Training) -> None:
    steps = [line[ITERATION] for line in training.log]
    axes.plot(steps, [line[LOSS] for line in training.log], color=drawing.BLUE, linewidth=1.0)
    axes.lines[-1].set_label("training")
    validated = [line for line in training.log if VALIDATION_LOSS in line]
    axes.plot(
        [line[ITERATION] for line in validated],
        [line[VALIDATION_LOSS] for line in validated],
        color=drawing.ORANGE,
        linewidth=1.0,
        marker="o",
        markersize=2.4,
        label="validation part",
    )
    _mark(axes, training)
    axes.set_title(training.title, fontsize=9, fontweight="bold", loc="left", pad=22)
    axes.text(
        0, 1.03, f"{training.label}\n{training.about}", transform=axes.transAxes, fontsize=6, color=FADED
    )
    axes.grid(axis="y", color="#e4e4e4", linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)


def _aucs(axes: Axes, training: Training) -> None:
    validated = [line for line in training.log if VALIDATION_AUC in line]
    steps = [line[ITERATION] for line in validated]
    values = [line[VALIDATION_AUC] for line in validated]
    axes.plot(steps, values, color=drawing.ORANGE, linewidth=1.0, marker="o", markersize=2.4)
    _mark(axes, training)
    said = [f"kept {short(v)}" for s, v in zip(steps, values, strict=True) if s == training.kept]
    # Above the panel: inside, there is no place that no curve crosses.
    axes.set_title("; ".join([*said, "chance .5"]), fontsize=6.5, loc="right", pad=2)
    axes.axhline(0.5, color=FADED, linewidth=0.7, linestyle=(0, (4, 3)))
    axes.set_xlabel("iteration")
    axes.set_xlim(left=0)
    axes.xaxis.set_major_locator(drawing.ticks(5))
    axes.grid(axis="y", color="#e4e4e4", linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)


def _mark(axes: Axes, training: Training) -> None:
    if training.kept is not None:
        axes.axvline(training.kept, color=drawing.GREEN, linewidth=0.9, label="weights kept")
