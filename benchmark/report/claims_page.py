"""The judged claims in words: for the screen, as Markdown, and as a LaTeX table."""

from collections.abc import Sequence

from benchmark.report.booktabs import environment
from benchmark.report.cells import signed
from benchmark.report.claims import CLAIMS, METRICS
from benchmark.report.escape import escape
from benchmark.report.evidence import Evidence
from benchmark.report.judgement import NOT_RUN, VERDICTS, Verdict
from benchmark.report.notes import data_note

NAMES = {"accuracy": "accuracy", "f1": "F1"}
ELSEWHERE = "learned from another source"
"""In a remark: a method here is not the paper's."""

DAGGER = (
    "† A method that the claim is about learned from another source here than in the paper: judged are ours, "
    "not the paper's."
)
RULE = (
    "Ours: the difference of the pooled out-of-fold predictions, 95 % BCa bootstrap over images; "
    "claim_contrasts.csv has the intervals over folds beside them. Published alone: the published "
    "difference, 95 % from the number of images."
)


def claims_lines(found: Sequence[Verdict]) -> list[str]:
    """A few plain lines a claim, for the screen."""
    lines = []
    for claim in CLAIMS:
        of = [v for v in found if v.claim == claim.name]
        lines.append(f"{claim.text} ({claim.where})")
        ours = "; ".join(f"{NAMES[v.metric]} {_ours(v)}" for v in of)
        lines.append(f"  ours: {ours if any(v.verdict != NOT_RUN or v.supported for v in of) else NOT_RUN}")
        lines.append(f"  published alone: {'; '.join(f'{NAMES[v.metric]} {_theirs(v)}' for v in of)}")
    return [*lines, f"  {DAGGER}"] if any(ELSEWHERE in v.remark for v in found) else lines


def claims_markdown(evidence: Evidence, found: Sequence[Verdict]) -> bytes:
    """A page with one line a claim."""
    head = [
        "claim",
        *(f"ours, {NAMES[m]}" for m in METRICS),
        *(f"published alone, {NAMES[m]}" for m in METRICS),
    ]
    lines = ["# The paper's claims, judged", "", data_note(evidence), ""]
    lines += [
        f"| {' | '.join([*head, 'our smallest difference of accuracy'])} |",
        "|---" * (len(head) + 1) + "|",
    ]
    for claim in CLAIMS:
        of = {v.metric: v for v in found if v.claim == claim.name}
        cells = [f"{claim.text} ({claim.where})"]
        cells += [*(_ours(of[m]) for m in METRICS), *(_theirs(of[m]) for m in METRICS)]
        lines.append(f"| {' | '.join([*cells, _weakest(of['accuracy'])])} |")
    lines += ["", *(f"- **{name}**: {what}." for name, what in VERDICTS.items()), "", RULE, ""]
    lines += [DAGGER, ""] if any(ELSEWHERE in v.remark for v in found) else []
    remarks = [(claim.text, next(v.remark for v in found if v.claim == claim.name)) for claim in CLAIMS]
    lines += [f"- {text} {remark[:1].upper()}{remark[1:]}." for text, remark in remarks if remark]
    return ("\n".join(lines) + "\n").encode()


def claims_tex(evidence: Evidence, found: Sequence[Verdict]) -> bytes:
    """The same as a table: a line a claim, accuracy and F1 each by ours and by the published figures."""
    body = []
    for claim in CLAIMS:
        of = {v.metric: v for v in found if v.claim == claim.name}
        cells = [*(_ours(of[m]) for m in METRICS), *(_theirs(of[m]) for m in METRICS)]
        texts = [f"{claim.text} ({claim.where})", *cells]
        line = " & ".join(rf"\raggedright {escape(text)}" for text in texts)
        body.append(rf"{line} \tabularnewline\addlinespace")
    head = [
        r" & \multicolumn{2}{c}{Ours} & \multicolumn{2}{c}{Published alone} \\",
        r"\cmidrule(lr){2-3}\cmidrule(lr){4-5}",
        f"Claim & {' & '.join([NAMES[m].capitalize() for m in METRICS] * 2)} " + r"\\",
    ]
    words = "; ".join(f"{name}: {what}" for name, what in VERDICTS.items())
    return environment(
        "claims",
        f"The paper's claims, judged; in brackets how many of their differences hold. {data_note(evidence)}",
        r"p{.28\linewidth}" + r"p{.155\linewidth}" * 4,
        head,
        body,
        [
            f"{words[:1].upper()}{words[1:]}.",
            RULE,
            *([DAGGER] if any(ELSEWHERE in v.remark for v in found) else []),
        ],
        r"\footnotesize\setlength{\tabcolsep}{3pt}",
    )


def _ours(v: Verdict) -> str:
    if v.not_run == v.differences:
        return NOT_RUN
    parts = [f"{v.supported} of {v.differences} hold"]
    parts += [f"{v.contradicted} contradicted"] if v.contradicted else []
    parts += [f"{v.not_run} not run"] if v.not_run else []
    mark = " †" if ELSEWHERE in v.remark else ""
    return f"{v.verdict}{mark} ({', '.join(parts)})"


def _theirs(v: Verdict) -> str:
    parts = [f"{v.published_supported} of {v.differences} hold"]
    parts += [f"{v.published_contradicted} contradicted"] if v.published_contradicted else []
    return f"{v.published_verdict} ({', '.join(parts)})"


def _weakest(v: Verdict) -> str:
    if v.difference is None:
        return ""
    return f"{v.weakest}: {signed(v.difference)} [{signed(v.low)}, {signed(v.high)}]"
