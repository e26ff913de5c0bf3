"""The claims of the paper, judged by our rows and by what the published figures alone can support."""

import dataclasses
from collections.abc import Sequence

from scipy.special import ndtri

from benchmark.data.twitter import TABLE4
from benchmark.report import claims
from benchmark.report.artefacts import another_source
from benchmark.report.claims import CLAIMS, Claim, Contrast
from benchmark.report.contrast import Rows, disagreement, over_folds, over_images
from benchmark.report.published_errors import Z, certainty, published_value, standard_error

SUPPORTED, CONTRADICTED, OPEN, NOT_RUN = "supported", "contradicted", "not separable", "not run"

VERDICTS = {
    SUPPORTED: "the 95 % interval of every difference that the claim is made of lies above 0",
    CONTRADICTED: "that of at least one lies below 0, also at the level that so many differences ask for "
    "(of a single one: at 95 %)",
    OPEN: "neither: so many images cannot tell",
    NOT_RUN: "a method that the claim is about has no complete rows here",
}
"""What the verdicts mean, of a claim, and of a single one of its differences.

To be supported, every difference must hold, so their number needs no correction (an intersection-union test).
To be contradicted, one is enough, and among many one is found by chance: there Bonferroni corrects.
"""

TAIL = 0.025
"""Of a 95 % interval, on each side."""

ABSENT = "not run, or incomplete: "
"""Begins the remark on what was not run."""


@dataclasses.dataclass(frozen=True)
class Judgement:
    """One contrast of a claim; the fields are the columns of ``claim_contrasts.csv``.

    Attributes
    ----------
    claim, metric : str
        Whose, and in what.
    subset : str
        Of the left side.
    left, right : str
        What should be larger, and than what.
    difference, low, high : float or None
        Ours: of the pooled predictions, with the 95 % BCa interval over images.
    folds_low, folds_high : float or None
        Ours: 95 % corrected resampled t interval over folds.
    verdict : str
        By the interval over images; a key of `VERDICTS`.
    remark : str
        Why it was not run, or how ours differs from the paper's.
    published, published_low, published_high : float or None
        The published difference, and a 95 % interval of it from the number of images.
    published_verdict : str
        What the published figures alone support.
    published_error : str
        What that interval was computed from.
    certainty : str
        How sure the published figures are.
    """

    claim: str
    metric: str
    subset: str
    left: str
    right: str
    difference: float | None
    low: float | None
    high: float | None
    folds_low: float | None
    folds_high: float | None
    verdict: str
    remark: str
    published: float | None
    published_low: float | None
    published_high: float | None
    published_verdict: str
    published_error: str
    certainty: str


@dataclasses.dataclass(frozen=True)
class Verdict:
    """A claim in one metric; the fields are the columns of ``claims.csv``.

    Attributes
    ----------
    claim, text, where : str
        Which (`benchmark.report.claims.Claim`).
    metric : str
        In what.
    verdict, published_verdict : str
        Of our rows, and of the published figures alone; keys of `VERDICTS`.
    differences : int
        Of how many differences the claim is made.
    supported, contradicted, not_separable, not_run : int
        How many of them, in our rows.
    published_supported, published_contradicted : int
        How many of them, by the published figures alone.
    weakest, difference, low, high : str, float or None
        Our smallest difference that was run, and its interval.
    remark : str
        How ours differs from the paper's.
    """

    claim: str
    text: str
    where: str
    metric: str
    verdict: str
    published_verdict: str
    differences: int
    supported: int
    contradicted: int
    not_separable: int
    not_run: int
    published_supported: int
    published_contradicted: int
    weakest: str
    difference: float | None
    low: float | None
    high: float | None
    remark: str


CONTRAST_COLUMNS = tuple(field.name for field in dataclasses.fields(Judgement))
COLUMNS = tuple(field.name for field in dataclasses.fields(Verdict))


def judge(rows: Rows) -> list[Judgement]:
    """Every contrast of every claim, in both metrics."""
    return [
        found for claim in CLAIMS for contrast in claim.contrasts for found in _judge(rows, claim, contrast)
    ]


def verdicts(found: Sequence[Judgement]) -> list[Verdict]:
    """One line a claim and metric."""
    lines = []
    for claim in CLAIMS:
        for metric in claims.METRICS:
            of = [j for j in found if (j.claim, j.metric) == (claim.name, metric)]
            lines.append(_together(claim, metric, of))
    return lines


def verdict(low: float | None, high: float | None) -> str:
    """What the interval of one difference says."""
    if low is None or high is None:
        return OPEN
    return SUPPORTED if low > 0 else CONTRADICTED if high < 0 else OPEN


def refuted(differences: Sequence[tuple[float | None, float | None]]) -> bool:
    """Whether one of several differences lies below 0, corrected for their number (Bonferroni).

    Parameters
    ----------
    differences : sequence of (float or None, float or None)
        Each with the upper limit of its 95 % interval, which is moved out as a normal one would be.
    """
    known = [(value, high) for value, high in differences if value is not None and high is not None]
    wider = ndtri(1 - TAIL / max(len(known), 1)) / ndtri(1 - TAIL)
    return any(value + (high - value) * wider < 0 for value, high in known)


def whole(parts: Sequence[str], contradicted: bool) -> str:
    """What the verdicts on all differences of a claim come to; ``contradicted``: they are `refuted`."""
    if contradicted:
        return CONTRADICTED
    if NOT_RUN in parts:
        return NOT_RUN
    return SUPPORTED if set(parts) == {SUPPORTED} else OPEN


def _together(claim: Claim, metric: str, of: Sequence[Judgement]) -> Verdict:
    ours, theirs = [j.verdict for j in of], [j.published_verdict for j in of]
    ran = [j for j in of if j.difference is not None]
    weakest = min(ran, key=lambda j: j.difference or 0.0, default=None)
    return Verdict(
        claim=claim.name,
        text=claim.text,
        where=claim.where,
        metric=metric,
        verdict=whole(ours, refuted([(j.difference, j.high) for j in of])),
        published_verdict=whole(theirs, refuted([(j.published, j.published_high) for j in of])),
        differences=len(of),
        supported=ours.count(SUPPORTED),
        contradicted=ours.count(CONTRADICTED),
        not_separable=ours.count(OPEN),
        not_run=ours.count(NOT_RUN),
        published_supported=theirs.count(SUPPORTED),
        published_contradicted=theirs.count(CONTRADICTED),
        weakest=f"{weakest.left} - {weakest.right} ({weakest.subset})" if weakest else "",
        difference=weakest.difference if weakest else None,
        low=weakest.low if weakest else None,
        high=weakest.high if weakest else None,
        remark="; ".join(_remarks(of)),
    )


def _remarks(of: Sequence[Judgement]) -> list[str]:
    """Every remark once, those on what was not run together."""
    parts = dict.fromkeys(part for j in of if j.remark for part in j.remark.split("; "))
    absent = [name for part in parts if part.startswith(ABSENT) for name in part[len(ABSENT) :].split(", ")]
    said = [part for part in parts if not part.startswith(ABSENT)]
    return [*([f"{ABSENT}{', '.join(dict.fromkeys(absent))}"] if absent else []), *said]


def _judge(rows: Rows, claim: Claim, contrast: Contrast) -> list[Judgement]:
    ran = rows.ran(contrast)
    differences = over_images(rows, contrast) if ran else {}
    shared = disagreement(rows, contrast) if ran else None
    found = []
    for metric in claims.METRICS:
        value, low, high = differences.get(metric, (None, None, None))
        found.append(
            Judgement(
                claim.name,
                metric,
                contrast.left.subset,
                *_names(contrast),
                value,
                low,
                high,
                *(over_folds(rows, contrast, metric) if ran else (None, None)),
                verdict(low, high) if ran else NOT_RUN,
                _remark(rows, contrast, ran),
                *_published(contrast, metric, shared),
            )
        )
    return found


def _names(contrast: Contrast) -> tuple[str, str]:
    """Names of both sides: what differs between them beside the method is said."""
    left, right = contrast.left, contrast.right
    if left.stage != right.stage:
        words = {claims.CV: "fine-tuned", claims.ZERO: "before transfer"}
        return f"{left.method} {words[left.stage]}", f"{right.method} {words[right.stage]}"
    if left.subset != right.subset:
        return f"{left.method} on {left.subset}", f"{right.method} on {right.subset}"
    return left.method, right.method


def _remark(rows: Rows, contrast: Contrast, ran: bool) -> str:
    sides = (contrast.left, contrast.right)
    if not ran:
        absent = dict.fromkeys(side.method for side in sides if rows.part(side) is None)
        return f"{ABSENT}{', '.join(absent)}"
    remarks = []
    for method in dict.fromkeys(side.method for side in sides):
        why = another_source([r for r in rows.evidence.rows if r.cell.method == method], method)
        remarks += [f"{method} {why.replace(';', ',')}"] if why else []
    if contrast.left.subset != contrast.right.subset:
        shares = [max(TABLE4[side.subset]) / sum(TABLE4[side.subset]) for side in sides]
        names = (contrast.left.subset, contrast.right.subset)
        remarks += [
            f"the majority class alone gives {share:.3f} on {name}"
            for name, share in zip(names, shares, strict=True)
        ]
    return "; ".join(remarks)


def _published(contrast: Contrast, metric: str, shared: float | None) -> tuple:
    left, right = (published_value(side, metric) for side in (contrast.left, contrast.right))
    if left is None or right is None:
        return None, None, None, OPEN, "", ""
    error, basis = standard_error(contrast, metric, shared)
    difference = left - right
    low, high = difference - Z * error, difference + Z * error
    return difference, low, high, verdict(low, high), basis, certainty(contrast, metric)
