"""The arms of the study: one trained network, fine-tuned on three sets of images for equally long."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from benchmark.data.dataset import Dataset
from benchmark.data.source import GENERATED, Source
from benchmark.registry import load_registry
from benchmark.study import CNN, NO_REMOVAL, PCNN, PROGRESSIVE, RANDOM, Arm, StudyTask
from deep.progressive_study import learn_arms
from deep.source_training import StudyTraining

Task = Callable[..., StudyTask]
QUICK = StudyTraining(passes=2, fine_tuning_passes=1, learning_rate=1e-4)


@pytest.fixture
def task(make_dataset: Callable[..., Dataset]) -> Task:
    """60 generated images to learn from, with labels that say nothing of them; 10 others to score."""
    dataset, others = make_dataset(60, seed=2), make_dataset(20, seed=3)
    n = len(dataset)
    source = Source(
        name=GENERATED,
        images=dataset.images,
        names=dataset.names,
        concepts=("a_thing",),
        positive=np.ones((n, 1), dtype=bool),
        judged=np.ones((n, 1), dtype=bool),
        support=("query",),
        sentiment=np.array([1.0]),
        labels=np.random.default_rng(0).permutation(dataset.labels),
    )

    def make(
        seed: int = 0, settings: StudyTraining = QUICK, tell: Callable[..., None] | None = None
    ) -> StudyTask:
        told = {} if tell is None else {"tell": tell}
        return StudyTask(source, others.images[:10], seed, settings, "cpu", 1, **told)

    return make


def test_the_arms_differ_in_what_they_learn_from_and_in_nothing_else(task: Task) -> None:
    said: list[tuple[int, int, str]] = []
    arms = learn_arms(task(tell=lambda *what: said.append(what)))
    assert list(arms) == [CNN, PCNN, RANDOM, NO_REMOVAL]
    learned = {name: arm.learned for name, arm in arms.items()}
    assert learned[CNN].sum() == 54, "a tenth only chooses the pass"
    assert np.array_equal(learned[NO_REMOVAL], learned[CNN])
    for name in (PCNN, RANDOM):
        assert (learned[name] <= learned[CNN]).all()
    assert 0 < learned[PCNN].sum() < 54
    assert learned[RANDOM].sum() == learned[PCNN].sum()
    assert not np.array_equal(learned[RANDOM], learned[PCNN])
    later = {arms[name].iterations for name in (PCNN, RANDOM, NO_REMOVAL)}
    assert len(later) == 1
    assert min(later) > arms[CNN].iterations
    for arm in arms.values():
        assert arm.scores.shape == (10,)
        assert ((arm.scores > 0) & (arm.scores < 1)).all()
    assert len({arm.scores.tobytes() for arm in arms.values()}) == 4
    done = [step for step, _, _ in said]
    assert done == sorted(done)
    assert done[-1] == said[-1][1]
    assert [name for name in arms if any(note.startswith(f"{name}:") for _, _, note in said)] == list(arms)


def test_a_seed_repeats_and_another_differs(task: Task) -> None:
    first, again, other = (learn_arms(task(seed=seed)) for seed in (5, 5, 6))

    def same(a: dict[str, Arm], b: dict[str, Arm]) -> list[bool]:
        return [np.array_equal(a[name].scores, b[name].scores) for name in a]

    assert all(same(first, again))
    assert not any(same(first, other))


def test_settings_lengthen_either_stage() -> None:
    from deep.settings import PRESETS

    second = PRESETS["embedded"].second
    assert StudyTraining().fine_tuning(second) == second
    assert StudyTraining(fine_tuning_passes=3).fine_tuning(second).passes == 3
    with pytest.raises(ValueError, match="passes is -1"):
        StudyTraining(fine_tuning_passes=-1)


def test_the_harness_finds_it_without_importing_it(tmp_path: Path) -> None:
    spec = load_registry().studies[PROGRESSIVE]
    assert spec.source == "anps"
    assert spec.configured({"passes": 3}).passes == 3
    assert spec.configured({}, quick=True) == spec.quick
