"""Accuracy by votes, and calibration, as printed."""

from collections.abc import Sequence

from benchmark.report.booktabs import environment, named
from benchmark.report.by_votes import ByVotes, LabelNoise
from benchmark.report.cells import short
from benchmark.report.evidence import Evidence
from benchmark.report.notes import data_note
from benchmark.report.reliability import BRIER, ECE, LOG_LOSS, MEASURES, SOFT_LOSS, Measure

SIZE = r"\footnotesize\setlength{\tabcolsep}{4pt}"
HEADS = {BRIER: "Brier", LOG_LOSS: "Log loss", SOFT_LOSS: "Votes", ECE: "ECE"}


def by_votes_tex(evidence: Evidence, found: Sequence[ByVotes], noise: Sequence[LabelNoise]) -> bytes:
    """A line a method, two columns a kind of votes: accuracy with its interval, and AUC; ceilings below."""
    kinds = list(dict.fromkeys(line.votes for line in found))
    at = {(line.method, line.votes, line.metric): line for line in found}
    body = []
    for method in dict.fromkeys(line.method for line in found):
        cells = []
        for kind in kinds:
            accuracy, auc = (at[method, kind, metric] for metric in ("accuracy", "auc"))
            limits = "" if accuracy.low is None else f"[{short(accuracy.low)}, {short(accuracy.high)}]"
            cells += [rf"{short(accuracy.value) or '--'} {{\scriptsize {limits}}}", short(auc.value) or "--"]
        body += named(method, cells)
    ceiling = {(n.images, n.judge): n.value for n in noise}
    for judge, name in (("population", "Ceiling"), ("panel", "Fresh panel"), ("annotator", "One person")):
        values = [short(ceiling.get((kind, judge))) or "--" for kind in kinds]
        rule = r"\midrule " if judge == "population" else ""
        body.append(f"{rule}{name} & {' & & '.join(values)} & " + r"\\")
    sizes = {line.votes: f"{line.votes}, {line.images} images" for line in found}
    heads = " & ".join(rf"\multicolumn{{2}}{{c}}{{{sizes[kind]}}}" for kind in kinds)
    rules = "".join(rf"\cmidrule(lr){{{2 + 2 * i}-{3 + 2 * i}}}" for i in range(len(kinds)))
    head = [f" & {heads} " + r"\\", rules, f"Method & {' & '.join(['Acc & AUC'] * len(kinds))} " + r"\\"]
    caption = (
        f"Performance by how the annotators voted, by the models of the subset {found[0].subset} "
        f"(95 % intervals over images). {data_note(evidence)}"
    )
    return environment("by_votes", caption, "l" + "lc" * len(kinds), head, body, [noise_note(noise)], SIZE)


def noise_note(noise: Sequence[LabelNoise]) -> str:
    """The model behind the ceilings, in words."""
    first = next((n for n in noise if n.a is not None and n.b is not None), None)
    if first is None:
        return f"No ceiling: {noise[0].reason}." if noise else "No ceiling: the votes are not known."
    fit = "" if first.fit_p is None else f" (chi-squared test of that: p = {first.fit_p:.3f})"
    return (
        "Ceilings take the votes of an image as independent draws of the share of all people who find it "
        f"positive, and these shares as Beta({first.a:.3f}, {first.b:.3f}) over the images{fit}. Ceiling: "
        "how often the voted label is what the majority of all people would say, and so the best accuracy "
        "that can be expected. Fresh panel, one person: how often as many others, or one, would give the "
        "same label."
    )


def calibration_tex(evidence: Evidence, found: Sequence[Measure]) -> bytes:
    """A line a method: the measures of its scores on the widest subset."""
    at = {(m.method, m.measure): m for m in found}
    body = []
    for method in dict.fromkeys(m.method for m in found):
        cells = [_measure(at[method, measure]) for measure in HEADS]
        chance = at[method, ECE]
        cells += [short(chance.best), short(chance.p)]
        body += named(method, cells)
    first = {m.measure: m for m in found}
    constants = [short(first[name].constant) for name in HEADS]
    best = [short(first[name].best) if name != ECE else "" for name in HEADS]
    body += [
        r"\midrule Constant & " + " & ".join(constants) + r" & & \\",
        "Best & " + " & ".join(best) + r" & & \\",
    ]
    columns = " & ".join([*HEADS.values(), "by chance", "$p$"])
    meanings = "; ".join(f"{HEADS[name]}: {what}" for name, what in MEASURES.items())
    remarks = [
        f"{meanings}. Constant: the share of positives as everyone's score. By chance: the ECE that right "
        f"scores would show; p: how probable one as large is then."
    ]
    caption = (
        f"How far scores are probabilities: pooled out-of-fold scores of the subset {found[0].subset}; less "
        f"is better. {data_note(evidence)}"
    )
    return environment(
        "calibration", caption, "l" + "c" * 6, [f"Method & {columns} " + r"\\"], body, remarks, SIZE
    )


def _measure(m: Measure) -> str:
    limits = "" if m.low is None else rf"{{\scriptsize [{short(m.low)}, {short(m.high)}]}}"
    return f"{short(m.value) or '--'} {limits}".strip()
