"""The claims of the paper, as comparisons that can be made.

A claim is a list of contrasts: this figure is larger than that one. The wording is the paper's ("Transfer
Learning" and "Twitter Testing Dataset", You et al. 2015).
"""

import dataclasses
import itertools

SUBSETS = ("five", "four", "three")
METRICS = ("accuracy", "f1")
"""What the paper argues with: "in terms of both F1 and accuracy"."""

CV, ZERO = "cross-validation", "zero-transfer"
NETWORKS = ("CNN", "PCNN")
BASELINES = ("GCH", "LCH", "GCH+BoW", "LCH+BoW", "SentiBank", "Sentribute")


@dataclasses.dataclass(frozen=True)
class Side:
    """One figure of a contrast: a method in a stage on a subset."""

    stage: str
    method: str
    subset: str


@dataclasses.dataclass(frozen=True)
class Contrast:
    """The claim that the left figure is larger than the right one."""

    left: Side
    right: Side


@dataclasses.dataclass(frozen=True)
class Claim:
    """A claim of the paper.

    Attributes
    ----------
    name : str
        Short, for files and links.
    text : str
        What is claimed.
    where : str
        The tables that it is read off.
    contrasts : tuple of Contrast
        All of them have to hold.
    """

    name: str
    text: str
    where: str
    contrasts: tuple[Contrast, ...]


def _methods(stage: str, better: tuple[str, ...], worse: tuple[str, ...]) -> tuple[Contrast, ...]:
    """Each of some methods better than each of others, on every subset."""
    return tuple(
        Contrast(Side(stage, a, subset), Side(stage, b, subset))
        for a, b, subset in itertools.product(better, worse, SUBSETS)
    )


def _clearer(stage: str, methods: tuple[str, ...]) -> tuple[Contrast, ...]:
    """Each method better on a subset than on the next wider one."""
    return tuple(
        Contrast(Side(stage, method, narrow), Side(stage, method, wide))
        for method in methods
        for narrow, wide in itertools.pairwise(SUBSETS)
    )


CLAIMS = (
    Claim(
        "networks-over-baselines",
        "Both CNN models outperform the baselines.",
        "Table 6",
        _methods(CV, NETWORKS, BASELINES),
    ),
    Claim(
        "pcnn-over-cnn-before",
        "PCNN outperforms CNN before transfer, on all three sets.",
        "Table 5",
        _methods(ZERO, ("PCNN",), ("CNN",)),
    ),
    Claim(
        "pcnn-over-cnn-after",
        "PCNN outperforms CNN after transfer (the paper: both are similar).",
        "Table 6",
        _methods(CV, ("PCNN",), ("CNN",)),
    ),
    Claim(
        "transfer",
        "Domain transfer improves both CNN models.",
        "Tables 5 and 6",
        tuple(
            Contrast(Side(CV, method, subset), Side(ZERO, method, subset))
            for method, subset in itertools.product(NETWORKS, SUBSETS)
        ),
    ),
    Claim(
        "sentribute",
        "Sentribute is slightly better than the other baselines.",
        "Table 6",
        _methods(CV, ("Sentribute",), BASELINES[:-1]),
    ),
    Claim(
        "lch-bow-over-sentibank",
        "LCH+BoW is better than SentiBank.",
        "Table 6",
        _methods(CV, ("LCH+BoW",), ("SentiBank",)),
    ),
    Claim(
        "clearer-networks",
        "The networks perform better on less ambiguous images.",
        "Table 5",
        _clearer(ZERO, NETWORKS),
    ),
    Claim(
        "clearer-all",
        "Every method performs better on less ambiguous images, trained on such.",
        "Table 6",
        _clearer(CV, (*BASELINES, *NETWORKS)),
    ),
)
"""The claims that are judged, in the order in which the paper's tables raise them."""
