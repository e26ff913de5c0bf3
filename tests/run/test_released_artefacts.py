"""Released responses in the place of a learned bank: found by name, kept without names, part of every key."""

import dataclasses
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import scipy.io
from sklearn.metrics import roc_auc_score

from benchmark.data.dataset import Dataset, DatasetError
from benchmark.data.imageset import ImageSet
from benchmark.data.released_answers import ReleasedAnswers
from benchmark.data.store import FeatureStore
from benchmark.protocol.row import read_rows
from benchmark.run.config import ConfigError, RunConfig
from benchmark.run.execute import RunResult
from benchmark.run.plan import Plan

MakeDataset = Callable[..., Dataset]
PlanOf = Callable[..., Plan]
Run = Callable[..., RunResult]
CONCEPTS = ("dull_day", "happy_dog", "grey_wall", "old_car")


def numbers(dataset: Dataset, seed: int = 0) -> np.ndarray:
    """Random responses, of which those of ``happy_dog`` are greater for positive images."""
    values = np.random.default_rng(seed).normal(size=(len(dataset), len(CONCEPTS)))
    values[:, 1] += 4 * dataset.labels
    return values.astype(np.float32)


def write(path: Path, names: tuple[str, ...], values: np.ndarray) -> Path:
    """A file of responses, rows in reverse order."""
    names, values = names[::-1], values[::-1]
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".csv":
        rows = (",".join([name, *map(repr, row.tolist())]) for name, row in zip(names, values, strict=True))
        path.write_text("\n".join([",".join(["image", *CONCEPTS]), *rows]) + "\n")
    elif path.suffix == ".mat":
        cells = {"names": np.array(names, dtype=object), "concepts": np.array(CONCEPTS, dtype=object)}
        scipy.io.savemat(path, {"responses": values, **cells})
    else:
        np.save(path, values)
        path.with_name(f"{path.name}.txt").write_text("\n".join(names))
        path.with_name(f"{path.name}.concepts.txt").write_text("\n".join(CONCEPTS))
    return path


def given(path: Path, **settings: object) -> dict[str, object]:
    return {"methods": ("SentiBank",), "subsets": ("three",), "responses": {"anp-bank": str(path)}} | settings


@pytest.fixture
def dataset(make_dataset: MakeDataset) -> Dataset:
    return make_dataset(50)


@pytest.fixture
def file(dataset: Dataset, tmp_path: Path) -> Path:
    return write(tmp_path / "theirs" / "released.csv", dataset.names, numbers(dataset))


def test_a_row_learns_from_the_column_that_carries_the_label(
    dataset: Dataset, file: Path, run: Run, tmp_path: Path
) -> None:
    assert run(dataset, **given(file)).failed == []
    rows = read_rows(tmp_path / "run" / "rows")
    assert roc_auc_score(np.concatenate([r.y for r in rows]), np.concatenate([r.p for r in rows])) > 0.9
    for row in rows:
        used = row.details["artefacts"]["anp-bank"]
        assert len(used.pop("files")) == len(used.pop("key")) == 32
        assert used == {
            "source": "released responses",
            "file": "released.csv",
            "columns": 4,
            "read as": "margins",
        }


def test_formats_names_and_rows_of_other_images_are_no_reason_to_run_again(
    dataset: Dataset, file: Path, run: Run, plan_of: PlanOf, tmp_path: Path
) -> None:
    run(dataset, **given(file))
    values = numbers(dataset)
    for name in ("other.mat", "other.npy", "more.csv"):
        more = name == "more.csv"
        names = (*dataset.names, "of-another-set.jpg") if more else dataset.names
        path = write(tmp_path / name, names, np.concatenate([values, values[:1]]) if more else values)
        assert {planned.why for planned in plan_of(dataset, **given(path)).cells} == {
            "reused: nothing that it depends on changed"
        }


def test_one_changed_number_runs_the_rows_again_and_they_say_why(
    dataset: Dataset, file: Path, run: Run, plan_of: PlanOf
) -> None:
    run(dataset, **given(file))
    values = numbers(dataset)
    values[7, 3] += 0.01
    write(file, dataset.names, values)
    assert {planned.why for planned in plan_of(dataset, **given(file)).cells} == {
        "again: method: baselines.concept_pipeline.ConceptPipeline changed"
    }
    assert run(dataset, **given(file)).ran == 5


def test_neither_the_artefact_nor_a_sealed_image_set_tells_an_image_s_name_or_key(
    dataset: Dataset, file: Path, run: Run, tmp_path: Path
) -> None:
    run(dataset, **given(file))
    (folder,) = (tmp_path / "run" / "artefacts").iterdir()
    assert sorted(path.name for path in folder.iterdir()) == [
        "card.json",
        "responses.json",
        "responses.npz",
    ]
    kept = b"".join(path.read_bytes() for path in folder.iterdir())
    for name, identity in zip(dataset.names, dataset.ids, strict=True):
        assert name.encode() not in kept
        assert identity.encode() not in kept
    with np.load(folder / "responses.npz", allow_pickle=False) as arrays:
        np.testing.assert_array_equal(arrays["values"], numbers(dataset))
    assert str(file.parent) not in kept.decode("latin-1")
    card = json.loads((folder / "card.json").read_text())
    assert "is yours to answer for" in card["source"]["notes"][0]
    with pytest.raises(LookupError, match="cannot be put into a sealed set"):
        dataset.images.sealed().put(ReleasedAnswers(digest="0"), np.zeros((len(dataset), 1)))


def test_a_cleared_cache_is_filled_again_from_the_file(
    dataset: Dataset, file: Path, run: Run, tmp_path: Path
) -> None:
    run(dataset, **given(file))
    (cached,) = (tmp_path / "store").glob("ReleasedAnswers-*")
    shutil.rmtree(cached)
    images = dataset.images
    again = ImageSet(images._keys, FeatureStore(tmp_path / "store"), images.groups, images._paths)
    assert run(dataclasses.replace(dataset, images=again), **given(file, resume="never")).failed == []


def test_missing_images_are_counted_and_named(dataset: Dataset, plan_of: PlanOf, tmp_path: Path) -> None:
    path = write(tmp_path / "few.csv", dataset.names[2:], numbers(dataset)[2:])
    with pytest.raises(DatasetError, match=r"few\.csv: the responses lack 2 of 50 images: ") as error:
        plan_of(dataset, **given(path))
    assert all(name in str(error.value) for name in dataset.names[:2])
    assert "run the detectors on these too" in str(error.value)


def test_equal_files_must_have_equal_responses(dataset: Dataset, plan_of: PlanOf, tmp_path: Path) -> None:
    twice = np.append(np.arange(50), 49)
    names, ids = (*dataset.names, "copy.png"), (*dataset.ids, f"{dataset.ids[49]}~2")
    votes = None if dataset.votes is None else dataset.votes[twice]
    subsets = {name: mask[twice] for name, mask in dataset.subsets.items()}
    doubled = dataclasses.replace(
        dataset,
        images=dataset.images[twice],
        labels=dataset.labels[twice],
        names=names,
        ids=ids,
        votes=votes,
        subsets=subsets,
    )
    values = numbers(dataset)[twice]
    values[50] *= 1 + 1e-5
    plan_of(doubled, **given(write(tmp_path / "r.csv", names, values)))
    values[50, 2] += 1
    with pytest.raises(DatasetError, match=r"and copy\.png are the same file, yet grey_wall is"):
        plan_of(doubled, **given(write(tmp_path / "r.csv", names, values)))


def test_responses_for_what_they_cannot_stand_for_are_refused(
    dataset: Dataset, file: Path, plan_of: PlanOf
) -> None:
    for name in ("anp", "toy-bank"):
        with pytest.raises(
            ConfigError, match=rf"--responses {name}=\.\.\.: no such bank; known: anp-bank, att"
        ):
            plan_of(dataset, **given(file, responses={name: str(file)}))


def test_where_nothing_is_given_the_skipped_cells_name_both_ways(dataset: Dataset, plan_of: PlanOf) -> None:
    plan = plan_of(dataset, **given(Path(), responses={}))
    assert "--source anps=FOLDER+FOLDER, or where you hold" in plan.cells[0].skip
    assert "--responses anp-bank=FILE" in plan.cells[0].skip


def test_responses_are_settings() -> None:
    assert RunConfig(responses={"anp-bank": "r.csv"}).model_dump()["responses"] == {"anp-bank": "r.csv"}
