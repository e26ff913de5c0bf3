"""Accuracies with their intervals as a drawing inside the page, from the best to the worst."""

import math
from collections.abc import Collection, Mapping, Sequence

from benchmark.report.cells import short
from benchmark.report.estimates import FOLDS, IMAGES, Estimate
from benchmark.report.html.element import Html, el, join

# Units of the drawing: at a phone's width one is one pixel.
WIDTH, LEFT, RIGHT, HEAD, PITCH, FOOT = 360, 92, 40, 8, 24, 28
STEPS = (0.01, 0.02, 0.05, 0.1, 0.2)
MOST_TICKS = 6


def interval_plot(
    title: str,
    found: Sequence[Estimate],
    published: Mapping[str, float | None],
    letters: Mapping[str, str],
    reference: float | None = None,
    other: Collection[str] = (),
) -> Html:
    """A line a method: dot, the mean; thick, the interval over images; thin, over folds; diamond, the paper.

    Parameters
    ----------
    title : str
        What the drawing is of, for those who cannot see it; the table has its numbers.
    found : sequence of Estimate
        Of one stage, subset and metric.
    published : mapping of str to float or None
        The paper's figures by method.
    letters : mapping of str to str
        Tie groups by method.
    reference : float, optional
        Drawn as a line from top to bottom: the accuracy of the majority class.
    other : collection of str
        Methods whose published figure is not comparable with ours: its diamond is dashed.
    """
    means = {e.method: e.value for e in found if e.interval == FOLDS and e.value is not None}
    methods = sorted(means, key=lambda method: -means[method])
    shown = [e for e in found if e.method in means]
    scale = _Scale(shown, [v for m, v in published.items() if v is not None and m in means])
    height = HEAD + PITCH * len(methods) + FOOT
    parts = [_axis(scale, height)]
    if reference is not None:
        x = scale.at(reference)
        parts.append(_line(x, HEAD, x, height - FOOT, "reference"))
    for i, method in enumerate(methods):
        of = [e for e in shown if e.method == method]
        y = HEAD + PITCH * (i + 0.5)
        diamond = _diamond(scale, y, published.get(method), method in other)
        parts.append(_method(scale, y, method, of, diamond, letters.get(method, "")))
    return el(
        "svg",
        el("title", title),
        join(parts),
        viewBox=f"0 0 {WIDTH} {height}",
        role="img",
        class_="plot",
    )


class _Scale:
    """From values to places."""

    def __init__(self, found: Sequence[Estimate], published: Sequence[float]) -> None:
        values = [v for e in found for v in (e.value, e.low, e.high) if v is not None]
        low, high = min([*values, *published]), max([*values, *published])
        room = high - low or 0.1
        self.step = next((s for s in STEPS if room / s <= MOST_TICKS), STEPS[-1])
        self.low = math.floor(low / self.step + 1e-9) * self.step
        self.high = math.ceil(high / self.step - 1e-9) * self.step
        if self.high <= self.low:
            self.high = self.low + self.step

    def at(self, value: float) -> float:
        return LEFT + (value - self.low) / (self.high - self.low) * (WIDTH - LEFT - RIGHT)

    def ticks(self) -> list[float]:
        count = round((self.high - self.low) / self.step)
        return [self.low + i * self.step for i in range(count + 1)]


def _method(
    scale: _Scale,
    y: float,
    method: str,
    found: Sequence[Estimate],
    diamond: Html,
    letters: str,
) -> Html:
    name = method if len(method) <= 14 else f"{method[:13]}…"
    parts = [el("text", name, x=LEFT - 8, y=f"{y + 4:.1f}", text_anchor="end", class_="name")]
    for kind, style in ((IMAGES, "images"), (FOLDS, "folds")):
        for e in found:
            if e.interval == kind and e.low is not None and e.high is not None:
                parts.append(_line(scale.at(e.low), y, scale.at(e.high), y, style))
    value = next(e.value for e in found if e.interval == FOLDS)
    if value is not None:
        parts.append(el("circle", cx=f"{scale.at(value):.1f}", cy=f"{y:.1f}", r=4, class_="mean"))
    parts.append(diamond)
    parts.append(el("text", letters, x=WIDTH - RIGHT + 8, y=f"{y + 4:.1f}", class_="letters"))
    return el("g", *parts)


def _diamond(scale: _Scale, y: float, published: float | None, other: bool) -> Html:
    if published is None:
        return Html("")
    path = f"M{scale.at(published):.1f} {y - 5:.1f}l5 5l-5 5l-5 -5z"
    return el("path", d=path, class_="published other" if other else "published")


def _axis(scale: _Scale, height: float) -> Html:
    parts = []
    for value in scale.ticks():
        x = scale.at(value)
        parts.append(_line(x, HEAD, x, height - FOOT, "grid"))
        parts.append(
            el("text", short(value, 2), x=f"{x:.1f}", y=height - 10, text_anchor="middle", class_="tick")
        )
    return join(parts)


def _line(x1: float, y1: float, x2: float, y2: float, style: str) -> Html:
    return el("line", x1=f"{x1:.1f}", y1=f"{y1:.1f}", x2=f"{x2:.1f}", y2=f"{y2:.1f}", class_=style)
