"""All images with what each method said of them; drawn by the page's script from blocks of data."""

from typing import Any

from benchmark.report.html.element import el, join
from benchmark.report.html.json_block import json_block
from benchmark.report.html.section import Material, Section, subset_name, table_name
from benchmark.report.html.thumbnails import BLOCK
from benchmark.report.outcomes import Outcomes

IMAGES, SCORES = "images", "scores"
"""Names of the blocks: labels and votes of every image; scores by stage, subset and method."""

POINTS = 10_000
"""Scores are kept as whole numbers of ten-thousandths, as precise as the tidy tables."""


def browser(material: Material) -> Section | None:
    """The place where the script draws, and its data."""
    sets = {key: o for key, o in material.analysis.outcomes.items() if o.methods}
    if not sets:
        return None
    shown = sum(1 for image in _images(sets) if image in material.thumbnails)
    said = (
        ""
        if shown
        else "No picture is in this file: grey tiles bear the first digits of an image's id. "
        "With pictures, where the data is there: python -m benchmark report."
    )
    body = join(
        [
            el(
                "p",
                "Every image with each method's out-of-fold score. Choose a method to see where it is wrong, "
                f"or the images on which methods disagree; choose an image for all its scores. {said}",
                class_="lead",
            ),
            el("noscript", el("p", "The pictures are drawn by this file's script, which is switched off.")),
            el("div", id="browser"),
            json_block(IMAGES, _images(sets)),
            json_block(SCORES, _scores(sets)),
            json_block(BLOCK, material.thumbnails),
        ]
    )
    return Section("pictures", "All images", "Picture by picture", body)


def _images(sets: dict[tuple[str, str], Outcomes]) -> dict[str, list[int]]:
    """Label, and votes for negative and positive where they are known, by image."""
    found: dict[str, list[int]] = {}
    for o in sets.values():
        for i, image in enumerate(o.images):
            votes = [] if o.votes is None else [int(v) for v in o.votes[i]]
            found[image] = [int(o.labels[i]), *votes]
    return dict(sorted(found.items()))


def _scores(sets: dict[tuple[str, str], Outcomes]) -> dict[str, dict[str, Any]]:
    """Scores and predictions of each method; of several seeds by the mean, as everywhere."""
    place = {image: i for i, image in enumerate(_images(sets))}
    entries: dict[str, dict[str, Any]] = {}
    # the stage and subset that most is known of come first: the page opens with it
    for (stage, subset), o in sorted(
        sets.items(), key=lambda item: (item[0][0] != "cross-validation", -len(item[1].images))
    ):
        name = f"{table_name(stage)}, {subset_name(subset)}"
        entries[f"{stage}|{subset}"] = {"title": name, "images": [place[image] for image in o.images]}
        for method, scores in o.scores.items():
            mean = scores.mean(axis=0)
            entries[f"{stage}|{subset}|{method}"] = {
                "method": method,
                "scores": [round(float(s) * POINTS) for s in mean],
                "predicted": "".join("1" if s >= 0.5 else "0" for s in mean),
            }
    return entries
