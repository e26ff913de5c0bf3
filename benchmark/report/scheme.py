"""What Figure 3 says of a run: source, CNN, selection, PCNN, transfer, in its own numbers."""

from collections.abc import Mapping

import numpy as np

from benchmark.report.cells import short
from benchmark.report.evidence import Evidence
from benchmark.report.network_facts import NetworkFacts
from benchmark.report.pooled import pool, widest_subset
from benchmark.report.progressive_figure import Scheme, Share
from benchmark.report.source_tables import CNN, PCNN
from benchmark.stages import CROSS_VALIDATION, ZERO_TRANSFER

CLASSES = {"all": "", "positive": "_positive", "negative": "_negative"}


def scheme_of(evidence: Evidence, networks: Mapping[str, NetworkFacts]) -> Scheme | None:
    """The scheme with the run's numbers; None where CNN or PCNN is missing, or PCNN was not selected for."""
    if CNN not in networks or PCNN not in networks or not networks[PCNN].selection:
        return None
    cnn, pcnn = networks[CNN], networks[PCNN]
    tested = next((len(row.images) for row in evidence.source if row.images), 0)
    source = [
        "Source",
        f"{cnn.source}: {cnn.images + tested:,} images",
        "with weak labels",
        f"{cnn.train:,} to learn from",
        f"{cnn.validation:,} to validate",
    ]
    source += [f"{tested:,} to test (Tables 1, 3)"] if tested else []
    shares = tuple(
        Share(name, int(pcnn.selection[f"kept{of}"]), int(pcnn.selection[f"removed{of}"]))
        for name, of in CLASSES.items()
        if f"kept{of}" in pcnn.selection and f"removed{of}" in pcnn.selection
    )
    return Scheme(
        source=tuple(source),
        cnn=_network(CNN, cnn),
        selection=shares,
        pcnn=_network(PCNN, pcnn),
        transfer=_transfer(evidence),
        origin=f"{cnn.label}, {pcnn.label}.",
    )


def _network(title: str, facts: NetworkFacts) -> tuple[str, ...]:
    lines = [title, facts.architecture, f"{facts.train:,} images"]
    lines.append(f"{facts.iterations:,} iterations of {facts.batch}")
    if facts.validation_auc is not None:
        lines.append(f"validation AUC {short(facts.validation_auc)}")
    return tuple(lines)


def _transfer(evidence: Evidence) -> tuple[str, ...]:
    k = evidence.folds
    lines = ["Transfer", f"to {evidence.dataset}: fine-tune on", f"{k - 1} folds, test on the other"]
    if CROSS_VALIDATION not in evidence.stages or ZERO_TRANSFER not in evidence.stages:
        return tuple(lines)
    subset = widest_subset(evidence, CROSS_VALIDATION)
    found = {
        method: [_accuracy(evidence, stage, method, subset) for stage in (ZERO_TRANSFER, CROSS_VALIDATION)]
        for method in (CNN, PCNN)
    }
    said = [f"{m}: {a} untuned, {b} tuned" for m, (a, b) in found.items() if a and b]
    return (*lines, *([f"accuracy on {subset}, pooled:", *said] if said else []))


def _accuracy(evidence: Evidence, stage: str, method: str, subset: str) -> str:
    """Of all images of a subset at once, mean over seeds; empty where a fold is missing."""
    pooled = [pool(evidence, stage, method, subset, s) for s in evidence.seeds(stage, method, subset)]
    right = [float((one.labels == one.predictions).mean()) for one in pooled if one is not None]
    return short(float(np.mean(right))) if right and len(right) == len(pooled) else ""
