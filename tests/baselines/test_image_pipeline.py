"""The pipeline over images: groups reach the classifier, and scikit-learn's tools keep an ImageSet."""

import numpy as np
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.dummy import DummyClassifier
from sklearn.model_selection import GridSearchCV, GroupKFold, cross_validate
from sklearn.pipeline import make_union

from baselines.color_histogram import ColorHistogram
from baselines.linear_classifier import LinearClassifier
from baselines.pipeline import ImagePipeline, make_image_pipeline
from benchmark.data.imageset import ImageSet


class GroupTaker(ClassifierMixin, BaseEstimator):
    """Remembers what its fit received."""

    def fit(self, X, y, groups=None):
        self.classes_, self.groups_ = np.unique(y), groups
        return self


@pytest.fixture
def grouped(make_dataset):
    """Thirty images in pairs of equal group, and their labels."""
    dataset = make_dataset(30)
    images = dataset.images
    return ImageSet(images._keys, images._store, np.arange(30) // 2, images._paths), dataset.labels


def test_groups_of_the_images_reach_the_last_step(grouped):
    images, labels = grouped
    method = make_image_pipeline(ColorHistogram(), GroupTaker()).fit(images[4:20], labels[4:20])
    assert np.array_equal(method["grouptaker"].groups_, np.arange(4, 20) // 2)


def test_groups_that_the_caller_gives_come_first(grouped):
    images, labels = grouped
    method = make_image_pipeline(ColorHistogram(), GroupTaker())
    method.fit(images, labels, grouptaker__groups=np.zeros(30))
    assert np.array_equal(method["grouptaker"].groups_, np.zeros(30))


def test_a_last_step_without_groups_is_fitted_as_ever(grouped):
    method = make_image_pipeline(ColorHistogram(), DummyClassifier())
    assert method.fit(*grouped).predict(grouped[0]).shape == (30,)


def test_it_reads_names_clones_and_sets_parameters_as_a_pipeline_does():
    method = make_image_pipeline(make_union(ColorHistogram(), ColorHistogram(grid=4)), LinearClassifier())
    copy = clone(method.set_params(linearclassifier__folds=3))
    assert type(copy) is ImagePipeline
    assert [name for name, _ in copy.steps] == ["featureunion", "linearclassifier"]
    assert copy.get_params()["linearclassifier__folds"] == 3
    assert copy.get_params()["featureunion__colorhistogram-2__grid"] == 4


def test_cross_validate_keeps_the_images(grouped):
    images, labels = grouped
    method = make_image_pipeline(ColorHistogram(), LinearClassifier())
    found = cross_validate(
        method,
        images,
        labels,
        groups=images.groups,
        cv=GroupKFold(3),
        scoring=["accuracy", "roc_auc"],
        error_score="raise",
    )
    assert found["test_accuracy"].shape == (3,)
    assert found["test_roc_auc"].mean() > 0.9  # colour carries the label


def test_grid_search_chooses_among_image_features(grouped):
    images, labels = grouped
    search = GridSearchCV(
        make_image_pipeline(ColorHistogram(), LinearClassifier()),
        {"colorhistogram__grid": [1, 2]},
        cv=3,
        error_score="raise",
    )
    search.fit(images, labels)
    assert search.best_params_["colorhistogram__grid"] in (1, 2)
    assert search.predict_proba(images[:5]).shape == (5, 2)
