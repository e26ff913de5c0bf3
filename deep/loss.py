"""The conditional log-likelihood of You et al. (2015, "Visual Sentiment Analysis with regular CNN").

With two outputs z, p(y = 1 | x) = exp(z1 - z0) / (1 + exp(z1 - z0)): the paper's logistic model, whose w is
the difference of the output layer's two rows. The loss is its negative logarithm, averaged over images.
"""

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy


def sentiment_loss(logits: Tensor, labels: Tensor, weights: Tensor) -> Tensor:
    """Mean over images of -ln p(label), each multiplied by the weight of its class.

    Dividing by the number of images, not by the sum of their weights, makes the mean over several processes
    the same as that of one.

    Parameters
    ----------
    logits : Tensor of float, shape (n, 2)
        As the network gives them: no softmax, since the loss contains it.
    labels : Tensor of int64, shape (n,)
    weights : Tensor of float, shape (2,)
        Of negative and positive images.
    """
    losses = cross_entropy(logits.float(), labels, reduction="none")
    return (losses * weights[labels]).mean()


def class_weights(labels: np.ndarray, balanced: bool) -> Tensor:
    """Weights of the two classes, float32: 1, or inverse to their size so that both weigh the same.

    Raises
    ------
    ValueError
        A class has no image: nothing can be learned.
    """
    counts = np.bincount(labels, minlength=2)
    if counts.min() == 0:
        raise ValueError(
            f"{counts[0]} negative and {counts[1]} positive training images; training needs both classes"
        )
    weights = counts.sum() / (2 * counts) if balanced else np.ones(2)
    return torch.tensor(weights, dtype=torch.float32)
