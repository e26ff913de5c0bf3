"""Trained networks without a training: their rows, and folders with the files that the figures read."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save_file

from benchmark.protocol.row import Cell, Row

KEYS = {"CNN": "c0" * 16, "PCNN": "d1" * 16, "3CONV-2FC": "e2" * 16}
SELECTION = {
    "kept": 60, "removed": 20, "kept_share": 0.75,
    "kept_positive": 45, "removed_positive": 5, "kept_share_positive": 0.9,
    "kept_negative": 15, "removed_negative": 15, "kept_share_negative": 0.5,
}  # fmt: skip


def summary(method: str, source: str = "photos", images: int = 90, key: str = "") -> dict[str, Any]:
    """What a row says of the network of a method: 80 images to learn from, 10 to validate on."""
    found: dict[str, Any] = {
        "key": key or KEYS.get(method, "f3" * 16),
        "files": "ab" * 16,
        "source": source,
        "images": images,
        "train": 60 if method == "PCNN" else 80,
        "validation": 10,
        "iterations": 25 if method == "PCNN" else 250,
        "batch": 64,
        "preset": "embedded",
        "architecture": method if method.endswith("FC") else "2CONV-4FC",
        "validation_auc": 0.72,
    }
    return found | (SELECTION if method == "PCNN" else {})


def using_network(rows: Iterable[Row], **changed: Any) -> list[Row]:
    """The same rows, each made with the network of its method."""
    return [
        Row.model_validate(
            row.model_dump()
            | {"details": {"artefacts": {f"{row.cell.method}-weights": summary(row.cell.method, **changed)}}}
        )
        for row in rows
    ]


def source_rows(
    methods: Sequence[str] = ("CNN", "PCNN", "3CONV-2FC"),
    *,
    n: int = 80,
    dataset: str = "twitter",
    scores: Mapping[str, Sequence[float]] | None = None,
    labels: Sequence[int] | None = None,
    **changed: Any,
) -> list[Row]:
    """Rows of the source's test part: n images, scores that lean towards the weak labels."""
    rng = np.random.default_rng(5)
    y = rng.permutation(np.arange(n) % 5 < 3).astype(int) if labels is None else np.asarray(labels)
    n = len(y)
    rows = []
    for m, method in enumerate(methods):
        noise = np.random.default_rng([9, m]).normal(0, 0.25, n)
        p = np.clip(0.5 + 0.1 * (2 * y - 1) + noise, 0, 1) if scores is None else np.asarray(scores[method])
        p = [round(float(value), 6) for value in p]
        rows.append(
            Row(
                cell=Cell(
                    stage="source-test", method=method, dataset=dataset, subset="source", fold=0, seed=0
                ),
                family="deep",
                folds=5,
                protocol="grouped",
                train_on="subset",
                status="ok",
                key=f"{method}-source",
                depends={},
                images=[f"{i:016x}" for i in range(n)],
                labels=y.tolist(),
                scores=p,
                predictions=[int(value >= 0.5) for value in p],
                n_train=0,
                n_train_positive=0,
            )
        )
    return using_network(rows, **changed)


LAYERS = [
    ("conv1", "convolution", "11x11, stride 4", [96, 14, 14], 34_944, 13_660_416),
    ("pool1", "max pooling", "3x3, stride 2", [96, 6, 6], 0, 0),
    ("relu1", "ReLU", "", [96, 6, 6], 0, 0),
    ("norm1", "response normalisation", "5 channels", [96, 6, 6], 0, 0),
    ("flatten", "flatten", "", [3456], 0, 0),
    ("fc1", "fully connected", "from 3456", [512], 1_769_984, 3_538_944),
    ("fc_relu1", "ReLU", "", [512], 0, 0),
    ("emotion", "fully connected", "from 512", [24], 12_312, 24_576),
    ("emotion_relu", "ReLU", "", [24], 0, 0),
    ("output", "fully connected", "from 24", [2], 50, 96),
]
FIELDS = ("name", "kind", "detail", "output", "parameters", "flops")
DESCRIPTION = {
    "architecture": {"name": "1CONV-3FC", "size": 64},
    "layers": [dict(zip(FIELDS, layer, strict=True)) for layer in LAYERS],
    "training_flops": 38_000_000,
}
LOG = """step,pass,loss,learning_rate,images_per_second,validation_log_loss,validation_auc,validation_accuracy
10,0.8,0.9,0.0002,300.0,,,
13,1.0,0.8,0.0002,310.0,0.66,0.61,0.6
26,2.0,0.7,0.0001,310.0,0.64,0.72,0.65
"""


def write_network(
    artefacts: Path, method: str, images: Sequence[str] = ("0123456789abcdef",), source: str = "photos"
) -> Path:
    """The folder of a method's network: units 1, 9 and 17 answer to ``images``, the others to none."""
    told = summary(method, source)
    folder = artefacts / f"{method}-weights-{told['key'][:16]}"
    folder.mkdir(parents=True)
    needs = {"CNN-weights": KEYS["CNN"]} if method == "PCNN" else {}
    card = {
        "name": f"{method}-weights",
        "key": told["key"],
        "depends": {"needs": needs},
        "source": {"name": source, "images": 90, "test images": 9, "notes": ["found by words"]},
        "summary": {name: value for name, value in told.items() if name not in ("key", "files")},
        "training": {"seconds": 12.0, "images_per_second": 300.0, "device": "cpu"},
    }
    model = {
        "model": method,
        "settings": {"optimiser": "adamw", "learning_rate": 0.0002, "iterations": None},
        "metrics": {"validation": {"auc": 0.72, "accuracy": 0.65, "log_loss": 0.64, "step": 26}},
        "limits": ["Not for judging individuals."],
    }
    units = [
        {
            "weight": 0.3 - 0.02 * unit,
            "mean": 1.0,
            "alive": 0.5 if unit % 8 == 0 else 0.0,
            "images": list(images) if unit % 8 == 0 else [],
            "responses": [2.0] * len(images) if unit % 8 == 0 else [],
        }
        for unit in range(24)
    ]
    for name, content in (
        ("card.json", card),
        ("model_card.json", model),
        ("network.json", DESCRIPTION),
        ("emotions.json", {"units": units}),
    ):
        (folder / name).write_text(json.dumps(content))
    (folder / "training.csv").write_text(LOG)
    kernels = np.random.default_rng(0).normal(0, 0.1, (96, 3, 11, 11)).astype(np.float32)
    if method == "PCNN":
        kernels *= 1.01
    save_file({"conv1.weight": kernels}, folder / "weights.safetensors")
    return folder
