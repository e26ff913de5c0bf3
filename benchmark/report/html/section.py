"""What a section of the page is made from, and what it is."""

import dataclasses
from collections.abc import Callable, Mapping

from benchmark.protocol.profile import ProfileLine
from benchmark.report.analysis import Analysis
from benchmark.report.evidence import SUBSETS, TABLES
from benchmark.report.html.element import Html
from benchmark.report.robustness import Kept


@dataclasses.dataclass(frozen=True)
class Material:
    """Everything that a section may use.

    Attributes
    ----------
    analysis : Analysis
        What the rows say.
    thumbnails : mapping of str to str
        Small JPEG pictures in base64 by image id; of images without one a grey tile is shown.
    profile : tuple of ProfileLine
        Where the time of a run went, if that was kept.
    robustness : tuple of Kept
        What the robustness study found, if it was made.
    """

    analysis: Analysis
    thumbnails: Mapping[str, str]
    profile: tuple[ProfileLine, ...] = ()
    robustness: tuple[Kept, ...] = ()


@dataclasses.dataclass(frozen=True)
class Section:
    """A part of the page.

    Attributes
    ----------
    anchor : str
        Its id, for links.
    link : str
        Its name in the list of contents: a word or two.
    title : str
        Its heading.
    body : Html
        What stands below the heading; headings inside begin with ``h3``.
    """

    anchor: str
    link: str
    title: str
    body: Html


Maker = Callable[[Material], Section | None]
"""Makes a section; None where the rows have nothing for it."""

SUBSET_NAMES = {name: f"{name} agree" for name in SUBSETS if name != "all"} | {"all": "all images"}
STAGE_NAMES = {"zero-transfer": "before transfer", "cross-validation": "cross-validation"}
METRIC_NAMES = {
    "precision": "Precision",
    "recall": "Recall",
    "f1": "F1",
    "accuracy": "Accuracy",
    "balanced_accuracy": "Balanced accuracy",
    "auc": "AUC",
    "average_precision": "Average precision",
}


def subset_name(subset: str) -> str:
    """A subset in words."""
    return SUBSET_NAMES.get(subset, subset)


def metric_name(metric: str) -> str:
    """A metric in words."""
    return METRIC_NAMES.get(metric, metric)


def table_name(stage: str) -> str:
    """``Table 6, cross-validation``."""
    return f"Table {TABLES[stage]}, {STAGE_NAMES.get(stage, stage)}"


def group_key(stage: str, method: str, subset: str) -> str:
    """Under which the script finds where a figure comes from."""
    return f"{stage}|{method}|{subset}"
