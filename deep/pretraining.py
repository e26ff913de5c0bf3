"""Networks as artefacts: the CNN trained on a weakly labelled source, and Algorithm 1 behind it."""

import dataclasses
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmark.data.files import write_bytes
from benchmark.data.imageset import opaque_ids
from benchmark.method import ArtefactTask
from deep.description import describe
from deep.distributed import joined
from deep.emotions import top_images
from deep.log import Status
from deep.pixels import StoredPixels
from deep.progressive import Selection, train_progressively
from deep.settings import PRESETS, TrainingSettings
from deep.source_parts import Parts, split_parts, start_network
from deep.source_training import NETWORK, Length
from deep.training import TrainingResult, train
from deep.weights import ModelCard, load_weights, save_weights

LOG, SELECTION, EMOTIONS = "training.csv", "selection.npz", "emotions.json"
CHECKPOINT = "checkpoint.safetensors"


def train_network(task: ArtefactTask) -> dict[str, Any]:
    """Algorithm 1, line 1: train a network on the source and write it into the task's folder.

    Returns
    -------
    dict
        For the artefact's card.
    """
    with joined(task.device) as ranks:
        start = start_network(task.source, task.settings, task.seed)
        network, training = start.network, start.training
        parts = split_parts(task.source, start.pixels, network, training, seed=task.seed, device=ranks.device)
        result = train(
            network,
            parts.train,
            training,
            seed=task.seed,
            validation=parts.validation,
            ranks=ranks,
            threads=task.threads,
            checkpoint=_kept(task, CHECKPOINT),
            log=_kept(task, LOG),
            report=_reporter(task),
        )
        about = {"preset": start.name, "side": start.preset.side}
        return _finish(task, "CNN", training, result, parts, about, {})


def train_progressive_network(task: ArtefactTask, trained: str) -> dict[str, Any]:
    """Algorithm 1 behind the network of the artefact ``trained``: select, then fine-tune on what is kept."""
    start = task.needs[trained].path
    about = json.loads((start / NETWORK).read_bytes())
    settings: Length = task.settings
    training = settings.applied(PRESETS[about["preset"]].second)
    with joined(task.device) as ranks:
        network = load_weights(start)
        pixels = StoredPixels(task.source.images, about["side"])
        parts = split_parts(task.source, pixels, network, training, seed=task.seed, device=ranks.device)
        result, selection = train_progressively(
            network,
            parts.train,
            training,
            seed=task.seed,
            validation=parts.validation,
            ranks=ranks,
            threads=task.threads,
            checkpoint=_kept(task, CHECKPOINT),
            log=_kept(task, LOG),
            report=_reporter(task),
        )
        _save_selection(task, parts, selection)
        removed = selection.summary(parts.train.labels)
        about = {"preset": about["preset"], "side": about["side"]}
        return _finish(task, "PCNN", training, result, parts, about, removed)


def _kept(task: ArtefactTask, name: str) -> Path | None:
    return None if task.unfinished is None else task.unfinished / name


def _reporter(task: ArtefactTask) -> Callable[[Status], None]:
    """Passes on what a training says of itself, in words."""
    last = {"validation": ""}

    def report(status: Status) -> None:
        if status.validation is not None:
            last["validation"] = f", validation AUC {status.validation['auc']:.3f}"
        note = (
            f"{status.images_per_second:.0f} images/s, pass {status.passes:.1f}, loss {status.loss:.3f}"
            f"{last['validation']}, {status.seconds_left:.0f} s left"
        )
        task.tell(status.step, status.steps, note)

    return report


def _save_selection(task: ArtefactTask, parts: Parts, selection: Selection) -> None:
    """Which images were removed, each with its probability; ids as in the rows."""
    ids = np.array(opaque_ids(task.source.images[parts.train_index]))
    removed = np.zeros(len(ids), dtype=bool)
    removed[selection.removed] = True
    np.savez(task.folder / SELECTION, ids=ids, removed=removed, probability=selection.probability)


def _finish(
    task: ArtefactTask,
    model: str,
    training: TrainingSettings,
    result: TrainingResult,
    parts: Parts,
    about: dict[str, Any],
    removed: dict[str, float],
) -> dict[str, Any]:
    """Write weights, card, log, description and emotion units; what the artefact's card says."""
    folder, source, network = task.folder, task.source, result.network
    description = describe(network.architecture)
    write_json(folder / NETWORK, {**about, **description.as_dict()})
    write_json(
        folder / EMOTIONS, top_images(network, parts.train, opaque_ids(source.images[parts.train_index]))
    )
    log = _kept(task, LOG)
    if log is not None:
        shutil.copyfile(log, folder / LOG)
    train_images = len(parts.train) - int(removed.get("removed", 0))
    summary: dict[str, Any] = {
        "source": source.name,
        "images": len(source),
        "train": train_images,
        "validation": len(parts.validation),
        "iterations": result.steps,
        "batch": training.batch_of(train_images),
        "preset": about["preset"],
        "architecture": network.architecture.name,
        "validation_auc": float(result.scores.get("auc", float("nan"))),
        **{key: value for key, value in removed.items() if key.startswith(("kept", "removed"))},
    }
    card = ModelCard(
        model=model if network.architecture.name == "2CONV-4FC" else network.architecture.name,
        source=f"{source.name}: {train_images} images to learn from, {len(parts.validation)} to validate",
        label_rule="; ".join(source.notes),
        removed=removed,
        settings=dataclasses.asdict(training),
        metrics={"validation": dict(result.scores), "passes": [dict(v) for v in result.validations]},
        environment=result.environment,
    )
    save_weights(folder, network, card)
    speed = {"seconds": result.seconds, "images_per_second": result.images_per_second}
    return {"summary": summary, "training": {**speed, **result.environment}}


def write_json(path: Path, value: Any) -> None:
    """Write JSON, whole or not at all."""
    write_bytes(path, json.dumps(value, indent=1, sort_keys=True, allow_nan=False).encode() + b"\n")
