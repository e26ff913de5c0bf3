"""Trainings that came to nothing, the same answer for every image: named, never reported as results."""

import math

import numpy as np

from deep.scoring import Outputs

SMALLEST_SPREAD = 1e-3
"""Standard deviation of P(positive) over images below which the output counts as constant."""


class CollapsedTrainingError(RuntimeError):
    """A training ended, or would have ended, in a network that tells no two images apart."""


def collapse(outputs: Outputs) -> str:
    """What is wrong with a network's outputs for different images; empty if nothing.

    Parameters
    ----------
    outputs : Outputs
        For at least two different images.
    """
    alive = int(np.count_nonzero((outputs.emotions > 0).any(axis=0)))
    positive = outputs.probabilities[:, 1]
    if not np.isfinite(outputs.logits).all():
        return "outputs are not finite"
    if alive == 0:
        return f"dead emotion layer: none of its {outputs.emotions.shape[1]} units responds to any image"
    spread = float(positive.std())
    if spread < SMALLEST_SPREAD:
        return (
            f"constant output: P(positive) is {positive.mean():.3f} for all of {len(positive)} images "
            f"(standard deviation {spread:.1e})"
        )
    return ""


def check_loss(loss: float, step: int, remedy: str) -> None:
    """Raise `CollapsedTrainingError` where the loss is not finite."""
    if not math.isfinite(loss):
        raise CollapsedTrainingError(f"the loss is {loss} at iteration {step}: training diverged; {remedy}")
