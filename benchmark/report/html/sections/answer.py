"""The answer first: which method is best, by how much, and whether that is more than noise."""

from collections.abc import Sequence

from benchmark.report.cells import short, signed
from benchmark.report.estimates import IMAGES
from benchmark.report.html.element import Html, el, join
from benchmark.report.html.interval_plot import interval_plot
from benchmark.report.html.section import Material, Section, subset_name, table_name
from benchmark.report.notes import letters_note
from benchmark.report.pairs import Pair
from benchmark.report.tables import index, subsets
from benchmark.report.tie_groups import DECIDES, LEVEL, METRIC, printed_letters


def answer(material: Material) -> Section | None:
    """A card and a drawing a subset, of the last stage that was run."""
    stages = [s for s in material.analysis.evidence.stages if _means(material, s)]
    if not stages:
        return None
    stage = stages[-1]
    of = [s for s in subsets(material.analysis.lines[stage]) if _best(material, stage, s)]
    cards = [el("div", _card(material, stage, s), _plot(material, stage, s), class_="card") for s in of]
    letters = any(key[0] == stage for key in printed_letters(material.analysis.ties))
    body = join(
        [
            el("p", f"Accuracy, {table_name(stage)}; other metrics are in the tables below.", class_="lead"),
            el("div", *cards, class_="cards"),
            _legend(material, stage),
            el("p", letters_note(), class_="note") if letters else Html(),
        ]
    )
    return Section("answer", "Best", "Which method is best, and is that more than noise?", body)


def _means(material: Material, stage: str) -> dict[tuple[str, str], float]:
    lines = material.analysis.lines.get(stage, [])
    return {(x.subset, x.method): x.mean for x in lines if x.metric == METRIC and x.mean is not None}


def _ranked(material: Material, stage: str, subset: str) -> list[tuple[str, float]]:
    """Methods but for references, best first; equal ones in the order of the tables."""
    known = material.analysis.evidence.methods(stage, reference=False)
    means = _means(material, stage)
    found = [(m, means[subset, m]) for m in known if (subset, m) in means]
    return sorted(found, key=lambda pair: -pair[1])


def _best(material: Material, stage: str, subset: str) -> bool:
    return bool(_ranked(material, stage, subset))


def _references(material: Material, stage: str, subset: str) -> list[str]:
    evidence, means = material.analysis.evidence, _means(material, stage)
    own = set(evidence.methods(stage, reference=False))
    return [m for m in evidence.methods(stage) if m not in own and (subset, m) in means]


def _card(material: Material, stage: str, subset: str) -> Html:
    ranked = _ranked(material, stage, subset)
    best, mean = ranked[0]
    at = index(material.analysis.lines[stage])
    std = at[best, subset, METRIC].std
    parts = [
        el("h3", subset_name(subset).capitalize()),
        el(
            "p",
            el("strong", best),
            f" {short(mean)}{'' if std is None else f' ± {short(std)}'}",
            class_="best",
        ),
    ]
    parts += [_compared(material, stage, subset, best, other) for other, _ in ranked[1:2]]
    tied = _tied(material.analysis.pairs, stage, subset, best, [m for m, _ in ranked[1:]])
    if len(ranked) > 2:
        said = (
            f"Not told apart from it: {', '.join(tied)}." if tied else "Told apart from every other method."
        )
        parts.append(el("p", said))
    parts += [_compared(material, stage, subset, best, m) for m in _references(material, stage, subset)[:1]]
    return join(parts)


def _compared(material: Material, stage: str, subset: str, best: str, other: str) -> Html:
    """One sentence: the difference, its interval, and whether the test tells the two apart."""
    name = f"{other} ({short(_means(material, stage)[subset, other])})"
    over = _pair(material.analysis.pairs, stage, subset, IMAGES, best, other)
    test = _pair(material.analysis.pairs, stage, subset, DECIDES, best, other)
    if over is None or over.difference is None:
        return el("p", f"Against {name}: no comparison.")
    sign = 1 if over.method_a == best else -1
    value = sign * over.difference
    ends = sorted(sign * v for v in (over.low, over.high) if v is not None)
    interval = f" [{', '.join(signed(v) for v in ends)}]" if len(ends) == 2 else ""
    apart = test is not None and test.p_holm is not None and test.p_holm <= LEVEL
    said = "more than noise" if apart else "not more than noise"
    return el(
        "p",
        f"Against {name}: {signed(value)}",
        el("span", f"{interval}, ", class_="nowrap"),
        el("span", said, class_="badge good" if apart else "badge open"),
    )


def _pair(found: Sequence[Pair], stage: str, subset: str, test: str, one: str, other: str) -> Pair | None:
    key = (stage, subset, test, METRIC)
    return next(
        (
            p
            for p in found
            if (p.stage, p.subset, p.test, p.metric) == key and {p.method_a, p.method_b} == {one, other}
        ),
        None,
    )


def _tied(found: Sequence[Pair], stage: str, subset: str, best: str, others: Sequence[str]) -> list[str]:
    tied = []
    for other in others:
        pair = _pair(found, stage, subset, DECIDES, best, other)
        if pair is None or pair.p_holm is None or pair.p_holm > LEVEL:
            tied.append(other)
    return tied


def _plot(material: Material, stage: str, subset: str) -> Html:
    analysis = material.analysis
    found = [e for e in analysis.estimates if (e.stage, e.subset, e.metric) == (stage, subset, METRIC)]
    lines = [x for x in analysis.lines[stage] if (x.subset, x.metric) == (subset, METRIC)]
    letters = {m: v for (s, t, m), v in printed_letters(analysis.ties).items() if (s, t) == (stage, subset)}
    references = _references(material, stage, subset)
    means = _means(material, stage)
    title = f"Accuracy of each method on {subset_name(subset)} with 95 % intervals, best first"
    return interval_plot(
        title,
        found,
        {line.method: line.published for line in lines},
        letters,
        means[subset, references[0]] if references else None,
        {line.method for line in lines if line.comparable},
    )


def _legend(material: Material, stage: str) -> Html:
    evidence = material.analysis.evidence
    marks = [
        ("mean", "mean of the folds" if stage == "cross-validation" else "accuracy"),
        ("images", "95 % of the fitted models (over images)"),
    ]
    if stage == "cross-validation":
        marks.insert(1, ("folds", "95 % of the method (over folds)"))
    if evidence.published:
        marks.append(("published", "published"))
        if any(line.comparable for line in material.analysis.lines[stage]):
            marks.append(("published other", "published, with another training source (not comparable)"))
    if len(evidence.methods(stage)) > len(evidence.methods(stage, reference=False)):
        marks.append(("reference", "always the commoner answer"))
    return el("ul", *(el("li", _mark(style), text) for style, text in marks), class_="legend")


def _mark(style: str) -> Html:
    if style == "mean":
        drawn = el("circle", cx=12, cy=8, r=4, class_=style)
    elif style.startswith("published"):
        drawn = el("path", d="M12 3l5 5l-5 5l-5 -5z", class_=style)
    elif style == "reference":
        drawn = el("line", x1=12, y1=0, x2=12, y2=16, class_=style)
    else:
        drawn = el("line", x1=1, y1=8, x2=23, y2=8, class_=style)
    return el("svg", drawn, viewBox="0 0 24 16", class_="mark", aria_hidden="true")
