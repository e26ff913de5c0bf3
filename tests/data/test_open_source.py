"""``--source``: folders told apart by what they hold."""

from pathlib import Path

import pytest

from benchmark.data import captions, sun, vso
from benchmark.data.dataset import DatasetError
from benchmark.data.open_source import open_source
from benchmark.data.store import FeatureStore


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    (tmp_path / "coco").mkdir()
    (tmp_path / "coco" / "captions.csv").write_text("image,text\n")
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "3244ANPs.txt").write_text("")
    (tmp_path / "votes").mkdir()
    (tmp_path / "votes" / "attributes.mat").write_text("")
    (tmp_path / "scenes" / "beach").mkdir(parents=True)
    return tmp_path


def test_each_folder_goes_where_it_belongs(
    folders: Path, store: FeatureStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple] = []
    for module in (captions, vso, sun):
        monkeypatch.setattr(
            module, "load", lambda *arguments, name=module.__name__: asked.append((name, *arguments))
        )
    monkeypatch.setattr(sun, "human_voted", lambda source, annotations: None)
    monkeypatch.setattr("dataclasses.replace", lambda source, **changes: source)
    open_source("anps", "coco+lists", folders, store)
    open_source("anps", "scenes+lists", folders, store)
    open_source("attributes", "scenes+votes+coco", folders, store)
    assert asked == [
        ("benchmark.data.captions", [folders / "coco"], store, folders / "lists"),
        ("benchmark.data.vso", folders / "scenes", store, folders / "lists"),
        ("benchmark.data.sun", folders / "scenes", folders / "votes", store, [folders / "coco"]),
    ]


@pytest.mark.parametrize(
    ("kind", "spec", "message"),
    [
        ("anps", "nowhere", "no folder 'nowhere' here or in"),
        ("anps", "lists", "found 0 of the first and 0 of the second"),
        ("anps", "coco+scenes", "found 1 of the first and 1 of the second"),
        ("attributes", "scenes", "found 0 and 1 of the first two"),
        ("emotions", "coco", "no kind of source 'emotions'; known: anps, attributes"),
        ("anps", "synthetic:many", "write for example synthetic:n=600"),
    ],
)
def test_what_makes_no_source_is_said(
    folders: Path, store: FeatureStore, kind: str, spec: str, message: str
) -> None:
    with pytest.raises(DatasetError, match=message):
        open_source(kind, spec, folders, store)


def test_the_embedded_source_has_pairs_and_attributes(tmp_path: Path, store: FeatureStore) -> None:
    pairs = open_source("anps", "synthetic:n=40", tmp_path, store)
    attributes = open_source("attributes", "synthetic:n=40", tmp_path, store)
    assert len(pairs) == len(attributes) >= 38
    assert "angry_dog" in pairs.concepts
    assert "natural light" in attributes.concepts
