"""What a trained network's card says, in lines for the terminal."""

from collections.abc import Iterator, Mapping
from typing import Any

from benchmark.report.cells import short
from benchmark.report.network_facts import network_facts
from benchmark.report.source_notes import WEAK
from benchmark.report.trained_network import TrainedNetwork

SETTINGS = (
    "optimiser",
    "learning_rate",
    "schedule",
    "weight_decay",
    "batch",
    "passes",
    "iterations",
    "initialisation",
    "class_balanced",
    "keep",
    "dtype",
)
"""Settings of the training that are shown; ``model_card.json`` holds all."""


def card_lines(network: TrainedNetwork) -> Iterator[str]:
    """Which network it is, what it learned from and how, how well it did, and what it is not good for."""
    card, own = network.card, network.model_card
    facts = network_facts(network.name, {**card["summary"], "key": network.key})
    yield f"{network.path.name}: {own['model']}, {facts.architecture}, preset {facts.preset}"
    tested = card["source"].get("test images")
    yield (
        f"source: {facts.source}, {facts.images:,} images: {facts.train:,} to learn from, "
        f"{facts.validation:,} to validate on" + (f"; {tested:,} more to test on" if tested else "")
    )
    yield f"labels: {WEAK}"
    yield from (f"note: {note}" for note in card["source"].get("notes", []))
    if facts.selection:
        yield f"selection (Eq. 3; labels play no part): {_selection(facts.selection)}"
    yield f"training: {_training(own.get('settings', {}))}"
    yield f"done: {facts.iterations:,} iterations of {facts.batch}{_speed(card.get('training', {}))}"
    yield f"validation: {_metrics(own.get('metrics', {}).get('validation', {}))}"
    yield from (f"limit: {limit}" for limit in own.get("limits", []))


def _selection(selection: Mapping[str, float]) -> str:
    parts = []
    for name, of in (("all", ""), ("labelled positive", "_positive"), ("labelled negative", "_negative")):
        kept, removed = int(selection[f"kept{of}"]), int(selection[f"removed{of}"])
        parts.append(f"{name}: kept {kept:,} of {kept + removed:,} ({selection[f'kept_share{of}']:.1%})")
    return "; ".join(parts)


def _training(settings: Mapping[str, Any]) -> str:
    known = {name: settings.get(name) for name in SETTINGS}
    return ", ".join(f"{name} {value}" for name, value in known.items() if value is not None)


def _speed(training: Mapping[str, Any]) -> str:
    if "seconds" not in training:
        return ""
    where = ", ".join(str(training[name]) for name in ("device", "name", "dtype") if name in training)
    return f" in {training['seconds']:.0f} s, {training['images_per_second']:.0f} images/s ({where})"


def _metrics(scores: Mapping[str, float]) -> str:
    if not scores:
        return "not measured"
    said = [f"{name} {short(scores[name])}" for name in ("auc", "accuracy", "log_loss") if name in scores]
    chosen = f" at iteration {int(scores['step']):,}" if "step" in scores else ""
    return ", ".join(said) + chosen
