"""What the rows say of the artefacts they used: the bank or the network behind a figure, in words."""

from collections.abc import Iterable, Mapping
from typing import Any

from benchmark.protocol.row import Row
from benchmark.report.cells import short
from benchmark.report.network_facts import is_network, network_facts, networks_of


def artefacts_text(rows: Iterable[Row]) -> str:
    """Each artefact that the rows used, once: ``anp-bank: coco+mvsa, 13,213 images, 165 detectors``.

    Rows that used different ones name all of them, joined by ``; ``. Empty where none was used.
    """
    said: dict[str, None] = {}
    for row in rows:
        for name, summary in sorted(row.details.get("artefacts", {}).items()):
            said[_said(name, summary)] = None
    return "; ".join(said)


def differences_text(rows: Iterable[Row]) -> str:
    """Why the published figures of networks are not comparable with those of the rows; empty where they are.

    A published figure stands for a network of half a million Flickr photographs.
    """
    return "; ".join(dict.fromkeys(facts.difference for facts in networks_of(rows) if facts.difference))


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
