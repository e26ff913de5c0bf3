"""A scikit-learn pipeline over images."""

from typing import Any, Self

from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.utils.validation import has_fit_parameter

from benchmark.data.imageset import ImageSet


class ImagePipeline(Pipeline):
    """A `Pipeline` that tells its last step which images belong together.

    The steps between turn images into arrays, which have no `ImageSet.groups`; the classifier needs them to
    keep duplicates together when it splits its training set.
    """

    def fit(self, images: ImageSet, y: Any = None, **params: Any) -> Self:
        """Fit all steps; ``groups`` of the images go to the last one, if its ``fit`` takes them."""
        name, last = self.steps[-1]
        if has_fit_parameter(last, "groups"):
            params.setdefault(f"{name}__groups", images.groups)
        return super().fit(images, y, **params)


def make_image_pipeline(*steps: Any) -> ImagePipeline:
    """An `ImagePipeline` whose steps are named as `sklearn.pipeline.make_pipeline` names them."""
    return ImagePipeline(make_pipeline(*steps).steps)
