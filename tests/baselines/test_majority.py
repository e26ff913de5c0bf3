"""Majority: the share of positives, whatever the images are."""

import numpy as np
import pytest

from baselines.majority import Majority
from benchmark.data.imageset import ImageSet


@pytest.fixture
def images(store):
    """Four images of which nothing is known but their number."""
    return ImageSet(["a", "b", "c", "d"], store)


@pytest.mark.parametrize(
    ("labels", "share", "predicted"),
    [
        ([1, 1, 1, 0], 0.75, 1),
        ([0, 0, 0, 1], 0.25, 0),
        ([0, 1, 0, 1], 0.5, 1),
        ([1, 1, 1, 1], 1, 1),
        ([0] * 4, 0, 0),
    ],
)
def test_every_image_gets_the_share_of_positives(images, labels, share, predicted):
    fitted = Majority().fit(images, np.array(labels))
    assert np.array_equal(fitted.predict_proba(images), [[1 - share, share]] * 4)
    assert fitted.predict(images).tolist() == [predicted] * 4
    assert fitted.details_ == {"positive_share": share}


def test_an_empty_training_set_is_refused(images):
    with pytest.raises(ValueError, match="at least one"):
        Majority().fit(images[:0], np.array([], dtype=int))
