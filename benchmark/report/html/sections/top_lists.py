"""Figure 5: the images that each method holds to be the most positive and the most negative."""

from benchmark.report.cells import short
from benchmark.report.html.element import Html, el, join
from benchmark.report.html.section import Material, Section, subset_name
from benchmark.report.html.tiles import LABELS, tile
from benchmark.report.toplists import BLOCKS, CROSS_VALIDATION, TopImage, top_lists


def top(material: Material) -> Section | None:
    """A card a method, in the paper's order: five positive images above five negative ones."""
    evidence = material.analysis.evidence
    if CROSS_VALIDATION not in evidence.stages:
        return None
    tops = top_lists(evidence)
    if not tops.methods:
        return None
    cards = []
    for method in tops.methods:
        blocks = [_block(material, method, block, tops.lists[method, block]) for block in BLOCKS]
        cards.append(el("div", el("h3", method), *blocks, class_="card"))
    intro = el(
        "p",
        f"Ranked by the out-of-fold scores of all {tops.size:,} images of {subset_name(tops.subset)}. ",
        el("span", "✓ solid green", class_="right-word"),
        ": the method's prediction agrees with the human label; ",
        el("span", "✗ dashed red", class_="wrong-word"),
        ": it does not. Below each picture: how sure the method was.",
        class_="lead",
    )
    return Section(
        "top",
        "Top images",
        "The surest images (Figure 5)",
        join([intro, el("div", *cards, class_="cards tops")]),
    )


def _block(material: Material, method: str, block: str, images: tuple[TopImage, ...]) -> Html:
    tiles = [_figure(material, image) for image in images]
    return el(
        "div",
        el("p", f"most {block}", class_="block"),
        el("ul", *(el("li", t) for t in tiles), class_="row", aria_label=f"{method}, most {block}"),
    )


def _figure(material: Material, t: TopImage) -> Html:
    said = "rightly" if t.correct else "wrongly"
    alt = (
        f"{t.rank}. most {t.block} image of {t.method}: {t.image[:8]}, labelled {LABELS[t.label]}, "
        f"predicted {said}"
    )
    return el(
        "div",
        tile(t.image, alt, material.thumbnails),
        el("span", "✓" if t.correct else "✗", class_="sign", aria_hidden="true"),
        el("span", short(t.score), class_="score"),
        class_=f"tile {'right' if t.correct else 'wrong'}",
        data_image=t.image,
    )
