"""What the rows say of the artefacts they used: the bank or the network behind a figure, in words."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from benchmark.protocol.row import Row
from benchmark.report.cells import short
from benchmark.report.network_facts import is_network, network_facts
from benchmark.report.published import NETWORKS, ORIGINS


def artefacts_text(rows: Iterable[Row]) -> str:
    """Each artefact that the rows used, once: ``anp-bank: coco+mvsa, 13,213 images, 165 detectors``.

    Rows that used different ones name all of them, joined by ``; ``. Empty where none was used.
    """
    said: dict[str, None] = {}
    for row in rows:
        for name, summary in sorted(row.details.get("artefacts", {}).items()):
            said[_said(name, summary)] = None
    return "; ".join(said)


def another_source(rows: Sequence[Row], method: str) -> str:
    """Why a method that learned from another source than the paper's is not the paper's; empty if it is.

    A network of any name stands for the paper's networks. Released responses count as the paper's own, as
    whoever gives them says.
    """
    used = [artefact for row in rows for artefact in row.details.get("artefacts", {}).values()]
    origin = ORIGINS.get(method) or (NETWORKS if any(map(is_network, used)) else None)
    if origin is None:
        return ""
    if not used:
        return f"the rows do not say what it was learned from; the paper's: {origin.what}"
    for artefact in used:
        source, images = str(artefact.get("source", "")), int(artefact.get("images", 0) or 0)
        if "columns" not in artefact and (source != origin.source or images < origin.images):
            size = f" ({images:,} images)" if images else ""
            return f"learned from another source, {source}{size}; the paper's: {origin.what}"
    return ""


def incomparable(rows: Sequence[Row], method: str) -> str:
    """As the tables say it of a published figure, ``no: ...``; empty where nothing is said against it."""
    used = any(row.details.get("artefacts") for row in rows)
    why = another_source(rows, method) if used else ""
    return f"no: {why}" if why else ""


def _said(name: str, summary: Mapping[str, Any]) -> str:
    parts = [str(summary["source"])] if "source" in summary else []
    if is_network(summary):
        facts = network_facts(name, summary)
        name = facts.label
        parts.append(f"{facts.images:,} images with weak labels")
        parts.append(f"{facts.train:,} learned from in {facts.iterations:,} iterations")
    else:
        parts += [f"{summary['images']:,} images"] if "images" in summary else []
        parts += [f"{summary['kept']:,} detectors"] if "kept" in summary else []
    if "mean_ap" in summary:
        parts.append(f"mean AP {short(float(summary['mean_ap']))}")
    return f"{name}: {', '.join(parts)}" if parts else name
