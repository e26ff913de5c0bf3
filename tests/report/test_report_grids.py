"""Top lists, Figure 5 and the overlap of the lists."""

import csv
import io
from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle
from PIL import Image

from benchmark.protocol.row import Row
from benchmark.report import drawing
from benchmark.report.evidence import gather
from benchmark.report.grids import PIXELS, draw_grid, grid_files, square
from benchmark.report.overlap import draw_overlap, overlap_csv, overlap_files, overlaps
from benchmark.report.toplists import FIGURE_5, TopLists, top_csv, top_lists

Make = Callable[..., list[Row]]


def rescored(row: Row, score: Callable[[str, int, float], float]) -> Row:
    scores = [score(i, y, s) for i, y, s in zip(row.images, row.labels, row.scores, strict=True)]
    return Row.model_validate(
        row.model_dump() | {"scores": scores, "predictions": [int(s >= 0.5) for s in scores]}
    )


def lists(rows: list[Row], top: int = 5) -> TopLists:
    return top_lists(gather(rows), top)


def test_columns_are_in_the_papers_order_without_the_reference(make_rows: Make) -> None:
    found = lists(
        make_rows(["Majority", "GCH", "BoW", "LCH", "PCNN", "CNN", "SentiBank", "Sentribute", "own"])
    )
    assert found.methods == ("PCNN", "CNN", "Sentribute", "SentiBank", "GCH", "LCH", "BoW", "own")


def test_all_eight_columns_of_the_paper_are_drawn_with_ten_images_each(make_rows: Make) -> None:
    rows = make_rows([*reversed(FIGURE_5), "Majority"], n=60)
    found = lists(rows)
    assert found.methods == FIGURE_5
    figure = draw_grid(found)
    heads = [text.get_text() for text in figure.axes[0].texts if text.get_text() in FIGURE_5]
    assert heads == list(FIGURE_5)
    assert len(figure.axes[0].images) == 8 * 10


def test_blocks_hold_the_surest_images_of_the_widest_subset(make_rows: Make) -> None:
    rows = make_rows(["GCH"], n=100)
    found = lists(rows)
    assert found.subset == "three"
    scores = sorted(s for r in rows if r.cell.subset == "three" for s in r.scores)
    assert [t.score for t in found.lists["GCH", "positive"]] == scores[:-6:-1]
    assert [t.score for t in found.lists["GCH", "negative"]] == pytest.approx([1 - s for s in scores[:5]])
    assert [t.rank for t in found.lists["GCH", "negative"]] == [1, 2, 3, 4, 5]


def test_correct_means_that_the_prediction_agrees_with_the_label(make_rows: Make) -> None:
    """A method that predicts positive everywhere: in its negative block, the positives are the right ones."""
    rows = [rescored(r, lambda i, y, s: 0.5 + s / 2) for r in make_rows(["GCH"])]
    for image in lists(rows, top=120).lists["GCH", "negative"]:
        assert image.correct == (image.label == 1)


def test_equal_scores_are_ranked_by_id(make_rows: Make) -> None:
    found = lists([rescored(r, lambda i, y, s: 0.6) for r in make_rows(["GCH"])])
    images = [t.image for t in found.lists["GCH", "positive"]]
    assert images == sorted({i for r in make_rows(["GCH"]) for i in r.images})[:5]
    assert [t.image for t in found.lists["GCH", "negative"]] == images


def test_an_incomplete_method_has_no_column(make_rows: Make) -> None:
    rows = make_rows(["GCH", "LCH"])
    found = lists([r for r in rows if (r.cell.method, r.cell.fold) != ("LCH", 1)])
    assert found.methods == ("GCH",)


def test_the_list_of_what_is_shown(make_rows: Make) -> None:
    found = lists(make_rows(["GCH", "LCH"]))
    lines = list(csv.DictReader(io.StringIO(top_csv(found).decode())))
    assert len(lines) == 2 * 2 * 5
    first = found.lists["GCH", "positive"][0]
    expected = ["GCH", "positive", "1", first.image, f"{first.score:.4f}", str(first.label)]
    assert list(lines[0].values()) == [*expected, str(int(first.correct)), "three"]


def test_boxes_are_solid_green_or_dashed_red(make_rows: Make) -> None:
    found = lists(make_rows(["GCH"]))
    figure = draw_grid(found)
    boxes = [
        p
        for p in figure.axes[0].patches
        if isinstance(p, Rectangle) and to_hex(p.get_edgecolor()) != "#ffffff"
    ]
    drawn = [(to_hex(box.get_edgecolor()), box.get_linestyle() == "solid") for box in boxes[:10]]
    shown = [t.correct for block in ("positive", "negative") for t in found.lists["GCH", block]]
    # generated scores make mistakes among the surest, else this test would not see a red box
    assert set(shown) == {True, False}
    assert drawn == [(drawing.AGREES, True) if correct else (drawing.DIFFERS, False) for correct in shown]


def test_pictures_are_asked_by_id_and_shown_at_their_place(make_rows: Make) -> None:
    found = lists(make_rows(["GCH"]))
    asked: list[str] = []

    def pictures(image: str) -> np.ndarray | None:
        asked.append(image)
        return np.full((30, 40, 3), len(asked), dtype=np.uint8) if len(asked) > 1 else None

    figure = draw_grid(found, pictures)
    shown = [t.image for block in ("positive", "negative") for t in found.lists["GCH", block]]
    assert asked == shown
    drawn = [int(np.asarray(image.get_array())[0, 0, 0]) for image in figure.axes[0].images]
    assert drawn == [226, *range(2, 11)]
    texts = [text.get_text() for text in figure.axes[0].texts]
    assert shown[0][:8] in texts
    assert shown[1][:8] not in texts


def test_the_same_bytes_whatever_the_user_has_set(make_rows: Make) -> None:
    import matplotlib as mpl

    found = lists(make_rows(["GCH", r"a $\bad$ name_is long"]))
    first = grid_files(found)
    with mpl.rc_context({"font.size": 20, "axes.facecolor": "red", "savefig.bbox": "tight"}):
        assert grid_files(found) == first
    assert b"CreationDate" not in first["pdf"]
    assert first["pdf"].startswith(b"%PDF")
    with Image.open(io.BytesIO(first["png"])) as image:
        assert image.info.keys() <= {"dpi"}


def test_square_takes_the_centre() -> None:
    picture = np.zeros((10, 30, 3), dtype=np.uint8)
    picture[:, 10:20] = 200
    assert square(picture).shape == (PIXELS, PIXELS, 3)
    assert (square(picture) == 200).all()
    with pytest.raises(ValueError, match=r"not float64 \(4, 4, 3\)"):
        square(np.zeros((4, 4, 3)))
    with pytest.raises(ValueError, match=r"not uint8 \(4, 4\)"):
        square(np.zeros((4, 4), dtype=np.uint8))


def test_nothing_complete_is_an_error_and_not_an_empty_figure(make_rows: Make) -> None:
    found = lists([r for r in make_rows(["GCH"]) if r.cell.fold != 1])
    with pytest.raises(ValueError, match="no method has scored every image"):
        draw_grid(found)


def test_overlap_of_equal_and_of_opposite_methods(make_rows: Make) -> None:
    rows = make_rows(["GCH"], n=100)
    twin = [r.model_copy(update={"cell": r.cell.model_copy(update={"method": "LCH"})}) for r in rows]
    opposite = [
        rescored(
            r.model_copy(update={"cell": r.cell.model_copy(update={"method": "PCNN"})}), lambda i, y, s: 1 - s
        )
        for r in rows
    ]
    found = overlaps(gather(rows + twin + opposite))
    pairs = {(o.top, o.block, frozenset((o.first, o.second))): o for o in found}
    assert len(pairs) == 2 * 2 * 3
    for top in (5, 20):
        for block in ("positive", "negative"):
            assert pairs[top, block, frozenset(("GCH", "LCH"))].shared == top
            assert pairs[top, block, frozenset(("GCH", "PCNN"))].shared == 0
    assert pairs[20, "positive", frozenset(("GCH", "LCH"))].by_chance == pytest.approx(20 * 20 / 100)


def test_overlap_counts_common_mistakes(make_rows: Make) -> None:
    rows = make_rows(["GCH"], n=100)
    twin = [r.model_copy(update={"cell": r.cell.model_copy(update={"method": "LCH"})}) for r in rows]
    wrong = sum(not t.correct for t in lists(rows, 20).lists["GCH", "negative"])
    (found,) = [o for o in overlaps(gather(rows + twin)) if (o.top, o.block) == (20, "negative")]
    assert found.shared_wrong == wrong > 0


def test_lists_longer_than_half_the_images_are_not_compared(make_rows: Make) -> None:
    assert {o.top for o in overlaps(gather(make_rows(["GCH", "LCH"], n=30)))} == {5}


def test_overlap_figure(make_rows: Make) -> None:
    found = overlaps(gather(make_rows(["GCH", "LCH", "BoW"])))
    figure = draw_overlap(found)
    assert len(figure.axes) == 4
    counts = [o.shared for o in found if (o.top, o.block) == (5, "positive")]
    texts = [t.get_text() for t in figure.axes[0].texts]
    assert texts[0] == "top 5 positive"
    assert [int(t) for t in texts[1:] if t.isdigit()] == counts
    assert overlap_files(found) == overlap_files(found)
    assert len(overlap_csv(found).splitlines()) == 1 + len(found)
    with pytest.raises(ValueError, match="fewer than two methods"):
        draw_overlap([])
