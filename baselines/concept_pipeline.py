"""A pipeline over concept responses that says which concepts spoke for and against a sentiment."""

import numpy as np
from sklearn.pipeline import make_pipeline

from baselines.pipeline import ImagePipeline
from benchmark.data.imageset import ImageSet


class ConceptPipeline(ImagePipeline):
    """Responses of a detector bank, standardised, and a linear classifier.

    Its log odds are a sum over the concepts, so each concept's part in them can be told.
    """

    def contributions(self, images: ImageSet) -> tuple[tuple[str, ...], np.ndarray, np.ndarray]:
        """How much each concept adds to the log odds of positive.

        Returns
        -------
        names : tuple of str
            The K concepts.
        parts : ndarray of float64, shape (n, K)
            Relative to an average image of the training set; above 0 speaks for positive. With the
            classifier's constant, an image's row sums to its log odds.
        seen : ndarray of bool, shape (n, K)
            Whether the detector answers more strongly than for an average image. A concept that is not seen
            speaks too: no storm is good news.
        """
        responses, scaler, classifier = (step for _, step in self.steps)
        standard = scaler.transform(responses.transform(images))
        above = standard - classifier.center_
        return responses.concepts, above * classifier.coef_, above > 0

    def concept_weights(self) -> tuple[tuple[str, ...], np.ndarray, np.ndarray]:
        """What the classifier makes of each concept, over all images.

        Returns
        -------
        names : tuple of str
            The K concepts.
        weights : ndarray of float64, shape (K,)
            Added to the log odds of positive for one standard deviation of the concept's response (its log
            odds) over the training images.
        sentiment : ndarray of float64, shape (K,)
            Sentiment value of each concept in the bank's source; NaN where it has none.
        """
        responses, _, classifier = (step for _, step in self.steps)
        known = responses.sentiment
        sentiment = np.array([known.get(name, np.nan) for name in responses.concepts], dtype=np.float64)
        return responses.concepts, np.asarray(classifier.coef_, dtype=np.float64), sentiment


def make_concept_pipeline(*steps: object) -> ConceptPipeline:
    """A `ConceptPipeline` of concept responses, a scaler and a linear classifier."""
    return ConceptPipeline(make_pipeline(*steps).steps)
