"""What the rows say of the artefacts they used: the bank of detectors behind a figure, in words."""

from collections.abc import Iterable, Mapping
from typing import Any

from benchmark.protocol.row import Row
from benchmark.report.cells import short


def artefacts_text(rows: Iterable[Row]) -> str:
    """Each artefact that the rows used, once: ``anp-bank: coco+mvsa, 165 detectors, mean AP .046``.

    Rows that used different ones name all of them, joined by ``; ``. Empty where none was used.
    """
    said: dict[str, None] = {}
    for row in rows:
        for name, summary in sorted(row.details.get("artefacts", {}).items()):
            said[_said(name, summary)] = None
    return "; ".join(said)


def _said(name: str, summary: Mapping[str, Any]) -> str:
    parts = [str(summary["source"])] if "source" in summary else []
    if "kept" in summary:
        parts.append(f"{summary['kept']:,} detectors")
    if "mean_ap" in summary:
        parts.append(f"mean AP {short(float(summary['mean_ap']))}")
    return f"{name}: {', '.join(parts)}" if parts else name
