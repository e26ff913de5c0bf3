"""How figures are drawn: one style, no state shared with the user's plots, and the same bytes every time."""

import contextlib
import io
from collections.abc import Iterator

import matplotlib as mpl
import matplotlib.style
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

DPI = 200

AGREES = "#00845f"
DIFFERS = "#d62728"
INK = "#222222"
BLUE, ORANGE, SKY, GREEN, PURPLE = "#0072B2", "#D55E00", "#56B4E9", "#009E73", "#CC79A7"
"""Colours that the colour-blind tell apart (Okabe & Ito)."""

_STYLE = {
    "font.family": "DejaVu Sans",
    "font.size": 8,
    "pdf.fonttype": 42,
    "axes.linewidth": 0.6,
    "figure.dpi": DPI,
    "savefig.dpi": DPI,
    "text.parse_math": False,
    "text.usetex": False,
}


@contextlib.contextmanager
def style() -> Iterator[None]:
    """Matplotlib's own defaults and this project's style, whatever the user's settings are."""
    with mpl.style.context(["default", _STYLE]):
        yield


def new_figure(width: float, height: float) -> Figure:
    """An empty figure of a size in inches that needs no display."""
    figure = Figure(figsize=(width, height), facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def ticks(most: int) -> MaxNLocator:
    """At most so many intervals between ticks, at round values."""
    return MaxNLocator(nbins=most, steps=[1, 2, 5, 10])


def picture_bytes(figure: Figure) -> dict[str, bytes]:
    """The figure as ``png`` and ``pdf``, without dates or versions in them."""
    png, pdf = io.BytesIO(), io.BytesIO()
    figure.savefig(png, format="png", dpi=DPI, metadata={"Software": None})
    figure.savefig(
        pdf, format="pdf", dpi=DPI, metadata={"Creator": None, "Producer": None, "CreationDate": None}
    )
    return {"png": png.getvalue(), "pdf": pdf.getvalue()}
