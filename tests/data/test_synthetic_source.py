"""The generated source domain: a folder of weakly labelled pictures."""

import csv
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmark.data.dataset import DatasetError
from benchmark.data.synthetic import World, draw_source
from benchmark.data.synthetic.content import Content, generator
from benchmark.data.synthetic.settings import Source
from benchmark.data.synthetic.source import ATTRIBUTE, _attribute_votes
from benchmark.data.synthetic.target import describe_world
from benchmark.data.synthetic.world import ANPS, ATTRIBUTES


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw_source(tmp_path_factory.mktemp("source"), 60, 3, noise=0.3)


def rows(root: Path) -> list[dict[str, str]]:
    with (root / "source.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def test_every_line_has_its_picture(root: Path) -> None:
    names = [row["image"] for row in rows(root)]
    assert len(names) == len(set(names)) == 60
    assert sorted(path.name for path in root.glob("*.jpg")) == sorted(names)
    for name in names[:10]:
        with Image.open(root / name) as image:
            assert image.format == "JPEG"


def test_the_weak_label_is_the_querys_sign_and_the_true_label_that_of_what_is_shown(root: Path) -> None:
    sentiment = {anp.name: anp.sentiment for anp in ANPS}
    for row in rows(root):
        assert float(row["sentiment"]) == sentiment[row["anp"]]
        assert int(row["weak_label"]) == int(sentiment[row["anp"]] > 0)
        assert int(row["true_label"]) == int(sentiment[row["drawn_anp"]] > 0)


def test_some_results_of_the_queries_are_wrong(root: Path) -> None:
    wrong = [row["anp"] != row["drawn_anp"] for row in rows(root)]
    assert 0.1 < np.mean(wrong) < 0.5
    assert any(row["weak_label"] != row["true_label"] for row in rows(root))


def test_the_caption_holds_the_query(root: Path) -> None:
    for row in rows(root):
        assert row["anp"].replace("_", " ") in row["caption"]
        assert row["caption"].startswith(("a ", "an "))


def test_attributes_are_counts_of_three_votes(root: Path) -> None:
    for row in rows(root):
        votes = {name: int(row[ATTRIBUTE + name]) for name in ATTRIBUTES}
        assert set(votes.values()) <= {0, 1, 2, 3}
        if row["scene"] == "coast":
            assert votes["ocean"] >= 1


def test_attribute_votes_are_as_reliable_as_the_settings_say() -> None:
    source = Source(attribute_reliability=0.9)
    anp = ANPS[0]
    content = Content(anp, "coast", "sunny", 0, 1)
    holds = np.array([name in content.attributes for name in ATTRIBUTES])
    votes = np.array([_attribute_votes(content, source, i) for i in range(400)])
    assert votes[:, holds].mean() / 3 == pytest.approx(0.9, abs=0.02)
    assert votes[:, ~holds].mean() / 3 == pytest.approx(0.1, abs=0.02)


def test_the_same_settings_give_the_same_folder_and_other_settings_another(
    root: Path, tmp_path: Path
) -> None:
    again = draw_source(tmp_path, 60, 3, noise=0.3)
    assert again.name == root.name
    for path in root.iterdir():
        assert (again / path.name).read_bytes() == path.read_bytes()
    assert draw_source(tmp_path, 5, 3).name != root.name


def test_a_larger_source_begins_with_the_smaller_one(root: Path, tmp_path: Path) -> None:
    small = draw_source(tmp_path, 8, 3, noise=0.3)
    assert rows(small) == rows(root)[:8]


def test_the_domains_share_no_picture(root: Path) -> None:
    """Under one seed, the same content would be drawn from other chances."""
    names = {row["image"] for row in rows(root)}
    assert not names & set(describe_world(World(n=60, seed=3)))
    first = generator(3, "target pixels", 0).random(4)
    assert not np.array_equal(first, generator(3, "source pixels", 0).random(4))


@pytest.mark.parametrize(("n", "noise"), [(0, 0.2), (5, 1.2), (5, -0.1)])
def test_settings_out_of_range_are_refused(tmp_path: Path, n: int, noise: float) -> None:
    with pytest.raises(DatasetError, match="synthetic: n"):
        draw_source(tmp_path, n, noise=noise)
    assert list(tmp_path.iterdir()) == []
