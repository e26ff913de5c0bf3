"""The 24 emotion units: which images excite each most (You et al. 2015, Figure 2)."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from deep.feed import Feed
from deep.network import Network
from deep.processor import fast_dtype
from deep.scoring import run_network

TOP = 6
"""Images kept of each unit."""


def top_images(network: Network, feed: Feed, ids: Sequence[str], top: int = TOP) -> dict[str, Any]:
    """The images that excite each unit most.

    Parameters
    ----------
    feed : Feed
        Of n images.
    ids : sequence of str
        Their names, as they shall be written.

    Returns
    -------
    dict
        ``units``: for each unit its ``weight`` (that of the positive logit minus that of the negative one:
        above 0 speaks for positive), ``mean`` and ``alive`` (share of images it responds to), and ``images``
        with ``responses``, the strongest first.
    """
    responses = run_network(network, feed, fast_dtype(feed.device)).emotions
    weight = network.output.weight.detach().float().cpu().numpy()
    units = []
    for unit in range(responses.shape[1]):
        values = responses[:, unit]
        best = np.argsort(-values, kind="stable")[:top]
        best = best[values[best] > 0]
        units.append(
            {
                "weight": float(weight[1, unit] - weight[0, unit]),
                "mean": float(values.mean()),
                "alive": float((values > 0).mean()),
                "images": [ids[i] for i in best],
                "responses": [float(values[i]) for i in best],
            }
        )
    return {"units": units}
