"""What a reader must know of the tables, in sentences: the data, the protocol, the gaps, the letters."""

from collections.abc import Sequence

from benchmark.protocol.statistics import proportion_error
from benchmark.report import judgement, reproduction
from benchmark.report.aggregate import Line
from benchmark.report.evidence import TABLES, Evidence
from benchmark.report.pooled import pool
from benchmark.report.published import CERTAINTY


def data_note(evidence: Evidence) -> str:
    """Which images the figures are about."""
    if evidence.published:
        return f"Data: {evidence.dataset}, the images that the paper tested."
    made = "generated images" if evidence.dataset == "synthetic" else "images of your own"
    return (
        f"Data: {evidence.dataset}, {made}, not those that the paper tested: its figures are left out. "
        f"For the paper's images: python -m benchmark data fetch twitter."
    )


def stage_note(evidence: Evidence, stage: str) -> str:
    """How training and test images were divided; of Table 4, whose stage is empty, how folds were drawn."""
    k = evidence.folds
    if stage == "zero-transfer":
        return "Stage zero-transfer: trained on the source images alone, tested on every image of a subset."
    if evidence.protocol == "campos":
        drawn = (
            f"Protocol campos: the {k} folds published by Campos et al. (2017), which were drawn "
            f"independently for each subset, leave some images out, and split near-duplicates between "
            f"training and test"
        )
    elif evidence.protocol == "grouped":
        drawn = (
            f"Protocol grouped: {k} folds drawn once over all images, stratified by label and agreement, "
            f"duplicates kept together, and inherited by the subsets"
        )
    else:
        drawn = f"Protocol {evidence.protocol}: {k} folds"
    if evidence.train_on == "all":
        trained = "trained on all images of the other folds (--train-on all), tested on those of the subset"
    else:
        trained = "trained on the images of the subset in the other folds (--train-on subset)"
    return f"{drawn}; {trained}." if stage else f"{drawn}."


def seeds_note(evidence: Evidence, stage: str) -> str:
    """How many seeds were averaged, and which methods had others."""
    seeds = evidence.seeds(stage)
    listed = ", ".join(map(str, seeds))
    note = f"Seed {listed}." if len(seeds) == 1 else f"Averaged over {len(seeds)} seeds ({listed})."
    fewer = {
        m: evidence.seeds(stage, m) for m in evidence.methods(stage) if evidence.seeds(stage, m) != seeds
    }
    for method, own in fewer.items():
        note += f" {method} was run with seed{'s' if len(own) > 1 else ''} {', '.join(map(str, own))} alone."
    return note


def separability_note(evidence: Evidence, stage: str) -> str:
    """How large a difference of accuracy is within chance; empty where no method is complete."""
    parts = []
    for subset in evidence.subsets(stage):
        found = [pool(evidence, stage, m, subset, s) for m, s in _runs(evidence, stage, subset)]
        complete = [p for p in found if p is not None and len(p.images)]
        if complete:
            n = len(complete[0].images)
            best = max(float((p.labels == p.predictions).mean()) for p in complete)
            parts.append(f"{proportion_error(best, n):.3f} on {subset} ({n} images)")
    if not parts:
        return ""
    return (
        f"One standard error of the best accuracy is {', '.join(parts)}: neighbouring rows whose accuracies "
        f"differ by less than two of them are often not separable."
    )


def letters_note() -> str:
    """What the letters of the tie groups mean."""
    return (
        "Methods that share a letter are not told apart by accuracy (McNemar's exact test of the pooled "
        "out-of-fold predictions, Holm over all pairs, .05)."
    )


def interval_note() -> str:
    """What the two kinds of interval are of, for whoever reads the CSV files."""
    return (
        "In intervals.csv and pairs.csv, 'corrected resampled t' are intervals and tests over folds, of the "
        "expected value of a method that is trained on other images of this kind and tested on others; they "
        "are conservative for methods that change little with their training images. 'BCa bootstrap' and "
        "'McNemar' are over images, of the models that were fitted here, on other images; copies of an image "
        "are drawn together and count once, and intervals are drawn at 97.5 % to hold 95 %. In simulated "
        "cross-validations both kinds hold what they name at least 93 % of the time, and no test errs more "
        "often than it says. p_holm is adjusted over all pairs of a subset, metric and test; detectable is "
        "the difference that the test finds with 80 % power. What so many images can show: "
        "python -m benchmark power."
    )


def verdict_note() -> str:
    """What the verdicts of ``published.csv`` and ``claims.csv`` mean."""
    published = "; ".join(f"{name}: {what}" for name, what in reproduction.VERDICTS.items())
    judged = "; ".join(f"{name}: {what}" for name, what in judgement.VERDICTS.items())
    return (
        f"Verdicts of published.csv: {published}. An interval that holds a published figure does not prove "
        f"it: the figure has noise of its own. Verdicts of claims.csv: {judged}."
    )


def agreement_note() -> str:
    """What the agreement-aware tables hold."""
    return (
        "by_votes.csv, errors.csv, error_overlap.csv and missed.csv are of the models of the widest subset; "
        "calibration.csv, reliability.csv and the errors take each method's first seed. ceiling.csv: how "
        "often the voted label agrees with the majority of all people (population), of as many others "
        "(panel), or with one (annotator), if votes are independent draws and shares follow a Beta "
        "distribution."
    )


def certainty_note(lines: Sequence[Line]) -> str:
    """What the letters in a table mean; empty where it has none."""
    letters = sorted({line.certainty for line in lines if line.certainty})
    return " ".join(f"{letter} = {CERTAINTY[letter]}." for letter in letters)


def gap_notes(lines: Sequence[Line]) -> list[str]:
    """One sentence for every gap, naming the method, the subset and why; metrics with one reason share it."""
    gaps: dict[tuple[str, str, str], list[str]] = {}
    for line in lines:
        if line.status != "ok":
            gaps.setdefault((line.method, line.subset, line.reason), []).append(line.metric)
    whole = {(line.method, line.subset): 0 for line in lines}
    for line in lines:
        whole[line.method, line.subset] += 1
    notes = []
    for (method, subset, reason), metrics in gaps.items():
        which = "" if len(metrics) == whole[method, subset] else f" ({', '.join(metrics)})"
        notes.append(f"{method}, {subset}{which}: {reason}.")
    return notes


def artefact_notes(lines: Sequence[Line]) -> list[str]:
    """One sentence a method that used artefacts, such as a bank; subsets that used others are told apart."""
    used: dict[tuple[str, str], list[str]] = {}
    subsets: dict[str, dict[str, None]] = {}
    for line in lines:
        subsets.setdefault(line.method, {})[line.subset] = None
        if line.artefacts:
            where = used.setdefault((line.method, line.artefacts), [])
            where += [line.subset] if line.subset not in where else []
    notes = []
    for (method, artefacts), where in used.items():
        which = "" if len(where) == len(subsets[method]) else f" on {', '.join(where)}"
        notes.append(f"{method}{which} used {artefacts}.")
    return notes


def comparable_notes(lines: Sequence[Line]) -> list[str]:
    """Why some published figures are marked as not comparable, a sentence a reason; empty where none is."""
    methods: dict[str, dict[str, None]] = {}
    for line in lines:
        if line.comparable:
            methods.setdefault(line.comparable.removeprefix("no: "), {})[line.method] = None
    return [
        f"† Not comparable with the published figure: {', '.join(named)} {why}."
        for why, named in methods.items()
    ]


def notes_text(evidence: Evidence, tables: dict[str, list[Line]]) -> bytes:
    """The file that stands beside the tables.

    Parameters
    ----------
    tables : dict of str to list of Line
        Lines of each table by its title, such as ``Table 6``.
    """
    parts = [data_note(evidence)] if evidence.rows else []
    for stage in evidence.stages:
        found = (stage_note(evidence, stage), seeds_note(evidence, stage), separability_note(evidence, stage))
        parts.append(f"Table {TABLES[stage]}: {' '.join(note for note in found if note)}")
    parts += [
        "In the tidy tables, mean is over folds and seeds as in the paper, std the standard deviation over "
        "them, and low and high the 95 % corrected resampled t interval (Nadeau and Bengio 2003) of the "
        "expected figure.",
        interval_note(),
        letters_note(),
        verdict_note() if evidence.published else "",
        agreement_note(),
        certainty_note([line for lines in tables.values() for line in lines]),
    ]
    for title, lines in tables.items():
        parts += [f"{title}: {note}" for note in (*artefact_notes(lines), *comparable_notes(lines))]
        parts += [f"{title}, gap: {note}" for note in gap_notes(lines)]
    return ("\n".join(part for part in parts if part) + "\n").encode()


def _runs(evidence: Evidence, stage: str, subset: str) -> list[tuple[str, int]]:
    return [(m, s) for m in evidence.methods(stage) for s in evidence.seeds(stage, m, subset)[:1]]
