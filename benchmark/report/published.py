"""The figures that the paper published, and how sure each is.

You, Luo, Jin, Yang: "Robust Image Sentiment Analysis Using Progressively Trained and Domain Transferred Deep
Networks", AAAI 2015. The text of the paper at hand had lost the numbers of its tables; `CERTAINTY` says where
each figure comes from instead.
"""

import dataclasses

from benchmark.data.twitter import TABLE4

CERTAINTY = {
    "C": "confirmed: seen in an independent public source",
    "A": "arithmetic holds: recalled, and F1 and accuracy follow from precision, recall and the class counts",
    "R": "recalled only",
    "M": "measured for this project",
}
"""What the letters beside published figures mean."""


@dataclasses.dataclass(frozen=True)
class Published:
    """A published figure.

    Attributes
    ----------
    value : float or int
        A metric, 0 to 1; or a count.
    certainty : str
        A letter of `CERTAINTY`.
    """

    value: float
    certainty: str


@dataclasses.dataclass(frozen=True)
class LaterResult:
    """An accuracy that others reported on the same images.

    Attributes
    ----------
    source : str
        Authors and year.
    method, setting : str
        What was tested, and how.
    accuracy : dict of str to float
        By subset; subsets that were not reported are absent.
    certainty : str
        A letter of `CERTAINTY`.
    approximate : bool
        Whether the figures are known only roughly.
    """

    source: str
    method: str
    setting: str
    accuracy: dict[str, float]
    certainty: str
    approximate: bool = False


@dataclasses.dataclass(frozen=True)
class Origin:
    """What the paper's form of a method was learned from before it saw the target.

    Attributes
    ----------
    what : str
        In words.
    source : str
        The kind of source (`benchmark.data`) that is the same.
    images : int
        The least number of its images that counts as the same set.
    """

    what: str
    source: str
    images: int


_FLICKR = "about half a million Flickr photographs of adjective-noun pairs"
NETWORKS = Origin(_FLICKR, "vso", 400_000)
"""What every published network was learned from."""

ORIGINS = {
    "SentiBank": Origin(f"{_FLICKR} (the released detectors)", "vso", 400_000),
    "Sentribute": Origin("the 14,340 images of the SUN Attribute database", "sun", 14_000),
    "CNN": NETWORKS,
    "PCNN": NETWORKS,
}
"""Methods whose published figures are about one source set."""

METRICS = ("precision", "recall", "f1", "accuracy")
SUBSETS = ("five", "four", "three")
FLICKR = "flickr"
"""Name of the only subset of Tables 1 to 3: the source domain's test part."""

# One tuple a subset, in the order of METRICS.
TABLE_1 = {
    "3CONV-4FC": ((0.679, 0.845, 0.753, 0.673),),
    "3CONV-2FC": ((0.690, 0.847, 0.760, 0.683),),
    "2CONV-3FC": ((0.679, 0.874, 0.765, 0.679),),
    "2CONV-4FC": ((0.688, 0.875, 0.770, 0.686),),
}
TABLE_2: dict[str, dict[str, float]] = {
    "CNN": {"train": 401_739, "test": 44_637, "iterations": 300_000},
    "PCNN": {"train": 369_828, "test": 44_637, "iterations": 100_000, "kept_share": 369_828 / 401_739},
}
TABLE_3 = {
    "CNN": ((0.714, 0.729, 0.722, 0.718),),
    "PCNN": ((0.759, 0.826, 0.791, 0.781),),
}
TABLE_4 = {
    subset: {"positive": positive, "negative": negative, "total": positive + negative}
    for subset, (positive, negative) in TABLE4.items()
}
TABLE_5 = {
    "CNN": ((0.749, 0.869, 0.805, 0.722), (0.707, 0.839, 0.768, 0.686), (0.691, 0.814, 0.747, 0.667)),
    "PCNN": ((0.770, 0.878, 0.821, 0.747), (0.733, 0.845, 0.785, 0.714), (0.714, 0.806, 0.757, 0.687)),
}
TABLE_6 = {
    "GCH": ((0.708, 0.888, 0.787, 0.684), (0.687, 0.840, 0.756, 0.665), (0.678, 0.836, 0.749, 0.660)),
    "LCH": ((0.764, 0.809, 0.786, 0.710), (0.725, 0.753, 0.739, 0.671), (0.716, 0.737, 0.726, 0.664)),
    "GCH+BoW": ((0.724, 0.904, 0.804, 0.710), (0.703, 0.849, 0.769, 0.685), (0.683, 0.835, 0.751, 0.665)),
    "LCH+BoW": ((0.771, 0.811, 0.790, 0.717), (0.751, 0.762, 0.756, 0.697), (0.722, 0.726, 0.723, 0.664)),
    "SentiBank": ((0.785, 0.768, 0.776, 0.709), (0.742, 0.727, 0.734, 0.675), (0.720, 0.723, 0.721, 0.662)),
    "Sentribute": ((0.789, 0.823, 0.805, 0.738), (0.750, 0.792, 0.771, 0.709), (0.733, 0.783, 0.757, 0.696)),
    "CNN": ((0.795, 0.905, 0.846, 0.783), (0.773, 0.855, 0.811, 0.755), (0.734, 0.832, 0.779, 0.715)),
    "PCNN": ((0.797, 0.881, 0.836, 0.773), (0.786, 0.842, 0.811, 0.759), (0.755, 0.805, 0.778, 0.723)),
}

LATER = (
    LaterResult(
        "Campos et al. 2015",
        "CaffeNet",
        "fine-tuned, 5-fold",
        {"five": 0.830, "four": 0.787, "three": 0.749},
        "R",
    ),
    LaterResult("Campos et al. 2017", "CaffeNet", "MVSO initialisation, 5-fold", {"five": 0.844}, "R"),
    LaterResult(
        "Vadicamo et al. 2017",
        "VGG on T4SA",
        "no fine-tuning",
        {"five": 0.788, "four": 0.766, "three": 0.737},
        "C",
    ),
    LaterResult(
        "Serra et al. 2023", "ViT-L/16", "no fine-tuning", {"five": 0.878, "four": 0.848, "three": 0.819}, "C"
    ),
    LaterResult(
        "Serra et al. 2023",
        "ViT-L/16",
        "fine-tuned, 5-fold",
        {"five": 0.924, "four": 0.902, "three": 0.863},
        "R",
        approximate=True,
    ),
    LaterResult(
        "this project",
        "ImageNet EfficientNet-Lite0, frozen features and logistic regression",
        "5-fold, Campos' folds",
        {"five": 0.877, "four": 0.837, "three": 0.807},
        "M",
    ),
)
"""Later results on the same images. Their protocols differ from the paper's: they stand in no table of it."""


def _metrics(table: int, rows: dict, subsets: tuple[str, ...], certainty: str) -> dict:
    return {
        (table, method, subset, metric): Published(value, certainty)
        for method, values in rows.items()
        for subset, figures in zip(subsets, values, strict=True)
        for metric, value in zip(METRICS, figures, strict=True)
    }


_FIGURES: dict[tuple[int, str, str, str], Published] = {
    **_metrics(1, TABLE_1, (FLICKR,), "R"),
    **{(2, m, FLICKR, name): Published(n, "R") for m, row in TABLE_2.items() for name, n in row.items()},
    **_metrics(3, TABLE_3, (FLICKR,), "A"),
    **{
        (4, "annotators", s, name): Published(n, "C") for s, row in TABLE_4.items() for name, n in row.items()
    },
    **_metrics(5, TABLE_5, SUBSETS, "A"),
    **_metrics(6, TABLE_6, SUBSETS, "A"),
}


def figures() -> dict[tuple[int, str, str, str], Published]:
    """Every published figure, by table, method, subset and metric, in the order of the tables."""
    return dict(_FIGURES)


def lookup(table: int, method: str, subset: str, metric: str) -> Published | None:
    """The published figure of one cell, or None where the paper has none.

    Parameters
    ----------
    table : int
        1 to 6.
    method : str
        As in the tables; ``annotators`` in Table 4.
    subset : str
        ``five``, ``four`` or ``three``; ``flickr`` in Tables 1 to 3.
    metric : str
        ``precision``, ``recall``, ``f1``, ``accuracy``; ``positive``, ``negative``, ``total`` in Table 4;
        ``train``, ``test``, ``iterations``, ``kept_share`` in Table 2.
    """
    return _FIGURES.get((table, method, subset, metric))
