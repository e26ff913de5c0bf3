"""What a row says of the network it used: whence, how many images, how long, what was removed."""

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

from benchmark.protocol.row import Row


@dataclasses.dataclass(frozen=True)
class NetworkFacts:
    """A network as the summary of its artefact has it.

    Attributes
    ----------
    artefact, key : str
        Such as ``CNN-weights``, and the hash of all that it was made from.
    architecture : str
        Such as ``2CONV-4FC``.
    source : str
        What it was learned from.
    images : int
        Of the source, to learn from and to validate on.
    train, validation : int
        The two parts; of a progressively trained network what was kept of the first.
    iterations, batch : int
        Of its training.
    preset : str
        Of its settings.
    validation_auc : float or None
        On the source's validation part.
    selection : mapping of str to number
        Of a progressively trained network: ``kept``, ``removed``, ``kept_share``, and the same for
        ``positive`` and ``negative``. Empty of others.
    """

    artefact: str
    key: str
    architecture: str
    source: str
    images: int
    train: int
    validation: int
    iterations: int
    batch: int
    preset: str
    validation_auc: float | None
    selection: Mapping[str, float]

    @property
    def label(self) -> str:
        """Name and the first digits of the key, as its folder is called."""
        return f"{self.artefact} {self.key[:16]}"

    @property
    def folder(self) -> str:
        """Name of its folder among a run's artefacts."""
        return f"{self.artefact}-{self.key[:16]}"


def facts_of(row: Row) -> NetworkFacts | None:
    """The network that a row used; None where it used none, or failed before it could say."""
    for name, summary in sorted(row.details.get("artefacts", {}).items()):
        if is_network(summary):
            return network_facts(name, summary)
    return None


def is_network(summary: Mapping[str, Any]) -> bool:
    """Whether an artefact's summary is that of a trained network."""
    return "architecture" in summary and "iterations" in summary


def networks_of(rows: Iterable[Row]) -> list[NetworkFacts]:
    """Every different network that the rows used, in their order."""
    found: dict[str, NetworkFacts] = {}
    for row in rows:
        facts = facts_of(row)
        if facts is not None:
            found.setdefault(facts.key, facts)
    return list(found.values())


def used_networks(rows: Iterable[Row]) -> dict[str, NetworkFacts]:
    """The network of each method: that of its first row that says one."""
    found: dict[str, NetworkFacts] = {}
    for row in rows:
        facts = facts_of(row)
        if facts is not None:
            found.setdefault(row.cell.method, facts)
    return found


def network_facts(name: str, summary: Mapping[str, Any]) -> NetworkFacts:
    """Read the summary of a network's artefact, as rows and cards hold it."""
    auc = summary.get("validation_auc")
    return NetworkFacts(
        artefact=name,
        key=str(summary.get("key", "")),
        architecture=str(summary["architecture"]),
        source=str(summary.get("source", "unknown")),
        images=int(summary.get("images", 0)),
        train=int(summary.get("train", 0)),
        validation=int(summary.get("validation", 0)),
        iterations=int(summary["iterations"]),
        batch=int(summary.get("batch", 0)),
        preset=str(summary.get("preset", "")),
        validation_auc=None if auc is None else float(auc),
        selection={k: v for k, v in summary.items() if k.startswith(("kept", "removed"))},
    )
