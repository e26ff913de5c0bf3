"""The simulated learners on which the statistics are tried: their truth must be true."""

import numpy as np
import pytest

from benchmark.protocol.statistics.learners import Simulated, World, simulate


@pytest.fixture(scope="module")
def found() -> Simulated:
    return simulate(World(images=300, difference=0.04, disagreement=0.25, dimensions=15, repeats=2), 400)


def test_accuracies_and_disagreement_are_those_asked_for(found: Simulated) -> None:
    assert found.true.mean(axis=(0, 2, 3)) == pytest.approx([0.71, 0.75], abs=0.004)
    assert (found.right[:, 0] != found.right[:, 1]).mean() == pytest.approx(0.25, abs=0.01)


def test_the_truth_is_what_unseen_images_show(found: Simulated) -> None:
    """The exact accuracies of the fitted models, against the images that they had not seen."""
    seen, true = found.right.mean(axis=(0, 2, 3)), found.true.mean(axis=(0, 2, 3))
    error = (found.right.mean(axis=(2, 3)) - found.true.mean(axis=(2, 3))).std(axis=0) / np.sqrt(400)
    assert (np.abs(seen - true) < 3 * error).all()


def test_every_image_is_tested_once_a_repeat(found: Simulated) -> None:
    assert found.fold.shape == (2, 300)
    assert [np.bincount(of).tolist() for of in found.fold] == [[60] * 5] * 2
    assert not np.array_equal(found.fold[0], found.fold[1])
    assert found.fold_accuracy().shape == (400, 2, 10)
    assert found.fold_accuracy().mean() == pytest.approx(found.right.mean())
    assert found.sizes() == ([240] * 10, [60] * 10)


def test_more_dimensions_make_the_fitted_models_differ_more() -> None:
    few, many = (simulate(World(images=200, dimensions=d), 100).true for d in (3, 60))
    assert many.std(axis=0).mean() > 1.5 * few.std(axis=0).mean()


def test_the_same_seed_gives_the_same_sets() -> None:
    world = World(images=60, dimensions=4)
    assert np.array_equal(simulate(world, 20, 3).right, simulate(world, 20, 3).right)
    assert not np.array_equal(simulate(world, 20, 3).right, simulate(world, 20, 4).right)


def test_a_disagreement_that_cannot_be_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"disagree on .* of the images, not on 0\.9"):
        simulate(World(disagreement=0.9), 1)
    with pytest.raises(ValueError, match=r"not on 0\.01"):
        simulate(World(difference=0.05, disagreement=0.01), 1)
