"""What a trained network says of images: centre crop, no dropout."""

import dataclasses

import numpy as np
import torch
from sklearn.metrics import log_loss, roc_auc_score

from deep.distributed import ALONE, Ranks
from deep.feed import Feed, make_feed
from deep.network import Network
from deep.pixels import PixelSource, as_pixels
from deep.processor import CPU, fast_dtype

BATCH = 128
"""Images scored at a time."""


@dataclasses.dataclass(frozen=True)
class Outputs:
    """Of n images.

    Attributes
    ----------
    logits : ndarray of float64, shape (n, 2)
    emotions : ndarray of float32, shape (n, 24)
        Responses of the emotion units, at least 0.
    """

    logits: np.ndarray
    emotions: np.ndarray

    @property
    def probabilities(self) -> np.ndarray:
        """Softmax of the logits: P(negative), P(positive), float64 of shape (n, 2); rows sum to 1."""
        margin = np.clip(self.logits[:, 1] - self.logits[:, 0], -700, 700)
        positive, negative = 1 / (1 + np.exp(-margin)), 1 / (1 + np.exp(margin))
        return np.stack([negative, positive], axis=1)


@dataclasses.dataclass(frozen=True)
class Scores:
    """How good scores are, on a part of the source that was not trained on.

    Attributes
    ----------
    auc : float
        Area under the ROC curve; NaN where only one class occurs.
    accuracy : float
        Share of images predicted rightly, positive where P(positive) >= .5.
    log_loss : float
        Mean of -ln p(label).
    """

    auc: float
    accuracy: float
    log_loss: float

    @classmethod
    def of(cls, probabilities: np.ndarray, labels: np.ndarray) -> "Scores":
        """Compare probabilities, shape (n, 2), with labels, shape (n,)."""
        positive = probabilities[:, 1]
        both = len(np.unique(labels)) == 2
        return cls(
            float(roc_auc_score(labels, positive)) if both else float("nan"),
            float(np.mean((positive >= 0.5) == labels)),
            float(log_loss(labels, probabilities, labels=[0, 1])),
        )


@torch.inference_mode()
def run_network(
    network: Network, feed: Feed, dtype: torch.dtype, *, ranks: Ranks = ALONE, most: int | None = None
) -> Outputs:
    """Send the centre crops of a feed through a network.

    Parameters
    ----------
    dtype : torch.dtype
        Of convolutions and wide layers.
    ranks : Ranks
        Processes that share the work; every one gets all outputs.
    most : int, optional
        Only the first so many images.
    """
    n = len(feed) if most is None else min(most, len(feed))
    share = -(-n // ranks.size)
    training = network.training
    network.eval()
    rows = []
    first, last = min(ranks.rank * share, n), min((ranks.rank + 1) * share, n)
    for batch in feed.centres(first, last, BATCH, dtype):
        with torch.autocast(feed.device.type, dtype, enabled=dtype != torch.float32):
            emotions = network.emotions(batch.images)
        rows.append(torch.cat([network.output(emotions), emotions], dim=1))
    network.train(training)
    width = network.output.out_features + network.output.in_features
    mine = torch.cat(rows) if rows else torch.empty((0, width), device=feed.device)
    values = ranks.gather_rows(mine, share)[:n].cpu().numpy()
    return Outputs(values[:, :2].astype(np.float64), values[:, 2:].astype(np.float32))


def score(
    network: Network,
    pixels: PixelSource | np.ndarray,
    *,
    dtype: torch.dtype | None = None,
    device: torch.device = CPU,
) -> Outputs:
    """Outputs of a network for images.

    Parameters
    ----------
    pixels : PixelSource, or ndarray of uint8, shape (n, side, side, 3)
        At least as large as the network's input.
    dtype : torch.dtype, optional
        Of convolutions and wide layers; what the device does fast by default.
    """
    source = as_pixels(pixels)
    if len(source) == 0:
        return Outputs(np.empty((0, 2)), np.empty((0, network.output.in_features), dtype=np.float32))
    labels = np.zeros(len(source), dtype=np.int64)
    feed = make_feed(source, labels, network, device=device)
    return run_network(network.to(device), feed, dtype or fast_dtype(device))
