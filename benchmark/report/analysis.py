"""`Analysis`: everything that is computed from the rows, once, for tables, figures and pages alike."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence

from benchmark.protocol.row import Row
from benchmark.report.aggregate import Line, metric_lines
from benchmark.report.by_votes import ByVotes, LabelNoise, accuracy_by_votes, label_noise
from benchmark.report.contrast import Rows
from benchmark.report.counts import count_lines
from benchmark.report.errors import Errors, count_errors
from benchmark.report.estimates import Estimate, estimates
from benchmark.report.evidence import TABLES, Evidence, gather
from benchmark.report.judgement import Judgement, judge
from benchmark.report.outcomes import Outcomes, gather_outcomes
from benchmark.report.pairs import Pair, compare_pairs
from benchmark.report.pooled import widest_subset
from benchmark.report.reliability import Measure, ReliabilityBin, reliability
from benchmark.report.reproduction import Reproduction, reproductions
from benchmark.report.resampling import resample
from benchmark.report.source_tables import source_tables
from benchmark.report.tie_groups import Tie, tie_groups
from benchmark.report.toplists import CROSS_VALIDATION
from benchmark.report.transfer import Gain, transfer_gains


@dataclasses.dataclass(frozen=True)
class Analysis:
    """What the rows say.

    Attributes
    ----------
    evidence : Evidence
        The rows.
    counted : list of Line
        Table 4.
    lines : mapping of str to list of Line
        Table 5 or 6 by stage.
    outcomes : mapping of (str, str) to Outcomes
        Scores of every image by stage and subset.
    estimates : list of Estimate
        Every metric with its intervals.
    pairs : list of Pair
        Every comparison of two methods.
    ties : list of Tie
        Tie groups.
    reproductions : list of Reproduction
        Every published figure beside ours.
    gains : list of Gain
        What fine-tuning brings each network.
    judgements : list of Judgement
        Every difference that a claim of the paper is made of; empty where the images are not the paper's.
    noise : list of LabelNoise
        The ceilings that label noise sets; empty where votes are not known.
    by_votes : list of ByVotes
        Performance by how the annotators voted; empty where votes are not known.
    measures : list of Measure
        Calibration and losses of every method.
    bins : list of ReliabilityBin
        Reliability diagrams.
    errors : Errors or None
        Who is wrong on which images of the widest subset, cross-validated.
    """

    evidence: Evidence
    counted: list[Line]
    lines: Mapping[str, list[Line]]
    outcomes: Mapping[tuple[str, str], Outcomes]
    estimates: list[Estimate]
    pairs: list[Pair]
    ties: list[Tie]
    reproductions: list[Reproduction]
    gains: list[Gain]
    judgements: list[Judgement]
    noise: list[LabelNoise]
    by_votes: list[ByVotes]
    measures: list[Measure]
    bins: list[ReliabilityBin]
    errors: Errors | None


def analysis_of(rows: Iterable[Row] | Analysis) -> Analysis:
    """The analysis of some rows; one that is made already is returned as it is.

    Raises
    ------
    EvidenceError
        There are no rows, or they do not belong together.
    """
    return rows if isinstance(rows, Analysis) else analyse(gather(rows))


def analyse(evidence: Evidence) -> Analysis:
    """Compute it all: a few seconds for ten methods on the Twitter images."""
    lines = {stage: metric_lines(evidence, stage) for stage in evidence.stages}
    outcomes = {}
    found: tuple[list[Estimate], list[Pair], list[Tie]] = ([], [], [])
    for stage in evidence.stages:
        for subset in evidence.subsets(stage):
            seen = outcomes[stage, subset] = gather_outcomes(evidence, stage, subset)
            resampled = resample(seen)
            pairs = compare_pairs(evidence, seen, resampled)
            found[0].extend(estimates(lines[stage], seen, resampled))
            found[1].extend(pairs)
            found[2].extend(tie_groups(seen, resampled, pairs))
    counted = count_lines(evidence)
    tables: dict[int, Sequence[Line]] = {4: counted, **source_tables(evidence)}
    tables |= {TABLES[stage]: of for stage, of in lines.items()}
    reproduced = reproductions(evidence, tables, found[0])
    gains = transfer_gains(evidence)
    judged = judge(Rows(evidence, outcomes, found[1], gains)) if evidence.published else []
    noise = label_noise(evidence, outcomes)
    measures: list[Measure] = []
    bins: list[ReliabilityBin] = []
    for seen in outcomes.values():
        of_seen = reliability(seen)
        measures += of_seen[0]
        bins += of_seen[1]
    errors = None
    if CROSS_VALIDATION in evidence.stages:
        widest = widest_subset(evidence, CROSS_VALIDATION)
        errors = count_errors(evidence, outcomes[CROSS_VALIDATION, widest])
    return Analysis(
        evidence=evidence,
        counted=counted,
        lines=lines,
        outcomes=outcomes,
        estimates=found[0],
        pairs=found[1],
        ties=found[2],
        reproductions=reproduced,
        gains=gains,
        judgements=judged,
        noise=noise,
        by_votes=accuracy_by_votes(evidence, outcomes, noise),
        measures=measures,
        bins=bins,
        errors=errors,
    )
