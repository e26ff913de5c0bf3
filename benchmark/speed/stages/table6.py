"""Table 6 as a whole: the command of this project against the script that a researcher would write."""

import csv
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from benchmark.data.dataset import Dataset
from benchmark.data.open import open_dataset
from benchmark.data.open_source import ANPS, ATTRIBUTES, open_source
from benchmark.data.source import Source
from benchmark.data.store import FeatureStore
from benchmark.protocol.folds import FoldAssignment, grouped_folds
from benchmark.protocol.row import Row, read_rows
from benchmark.registry import load_registry
from benchmark.speed.stage import Case, Check, Peer, Settings, Side, SpeedError

SCRIPT = Path(__file__).parents[1] / "plain_script.py"

WORSE = 0.05
"""How far below the script's mean accuracy the product's may lie, besides what chance explains.

The two differ in details, not in kind.
"""

Accuracies = Mapping[tuple[str, str], float]
"""By method and subset, over all out-of-fold predictions."""


def cases(settings: Settings) -> Iterator[Case]:
    """The low- and mid-level rows of Table 6, every fold of every subset, all cores."""
    world = World(settings)
    command, script = Command(world), Script(world)
    cells = len(world.methods) * len(world.subsets) * world.folds.k
    told = f"{len(world.dataset)} images ({world.dataset.name}); {', '.join(world.methods)}"
    yield Case(
        name="Table 6",
        unit="cells",
        products=(
            Side("run, from empty caches", command.run, cells, before=command.forget_all),
            Side("run, from full caches", command.run, cells),
        ),
        peers=(Peer(Side("plain scikit-learn and OpenCV", script.run, cells)),),
        check=lambda ours, theirs: [*compare(ours[0], theirs[0], len(world.dataset)), same(*ours)],
        rounds=1,
        warm=False,
        note=f"{told}; full caches hold features and detector banks: every cell is computed again",
    )


class World:
    """What both sides are given.

    Attributes
    ----------
    dataset : Dataset
    folds : FoldAssignment
        Those of the product; the script gets them too.
    subsets : tuple of str
    methods : tuple of str
        The paper's low- and mid-level rows; without those whose training source is not at hand.
    sources : dict of str to Source
        Training sources of the detector banks by kind.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        synthetic = settings.data.partition(":")[0] == "synthetic"
        # Generated images are drawn where nothing stays; others are where the user has them.
        place = settings.scratch / "images" if synthetic else settings.data_dir
        self.data_dir = place or Path()
        self.data = "synthetic:n=40" if settings.quick and synthetic else settings.data
        store = FeatureStore(settings.scratch / "reading")
        settings.tell("drawing images" if synthetic else "reading images")
        self.dataset: Dataset = open_dataset(self.data, self.data_dir, store)
        self.folds: FoldAssignment = grouped_folds(self.dataset)
        given = dict.fromkeys((ANPS, ATTRIBUTES), "synthetic") if synthetic and not settings.quick else {}
        self.source_names = given | settings.sources
        self.sources: dict[str, Source] = {
            kind: open_source(kind, name, self.data_dir, store) for kind, name in self.source_names.items()
        }
        # Two methods and one subset show that all works.
        self.subsets = tuple(self.dataset.subsets)[: 1 if settings.quick else None]
        registry = load_registry()
        kinds = {name: artefact.source for name, artefact in registry.artefacts.items()}
        self.methods = tuple(
            spec.name
            for spec in registry.values()
            if spec.family in ("low-level", "mid-level")
            and spec.published
            and all(kinds[name] in self.sources for name in spec.artefacts.values())
        )[: 2 if settings.quick else None]


class Command:
    """The product: the command as a user gives it."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._cache, self._out = world.settings.scratch / "cache", world.settings.scratch / "run"

    def forget_all(self) -> None:
        """Empty the caches."""
        for folder in (self._cache, self._out):
            shutil.rmtree(folder, ignore_errors=True)

    def run(self) -> Accuracies:
        """Compute the table."""
        world = self._world
        options = {
            "--methods": ",".join(world.methods),
            "--subsets": ",".join(world.subsets),
            "--data": world.data,
            "--data-dir": world.data_dir,
            "--cache": self._cache,
            "--out": self._out,
            "--jobs": world.settings.cores,
            "--resume": "never",
        }
        command = [sys.executable, "-m", "benchmark", "run", "--no-images"]
        command += [str(word) for option in options.items() for word in option]
        for kind, name in world.source_names.items():
            command += ["--source", f"{kind}={name}"]
        try:
            _run(command, world)
        finally:
            rows = read_rows(self._out / "rows")
            broken = [row for row in rows if row.status != "ok"]
            if broken:
                raise SpeedError(f"{broken[0].cell}: {broken[0].status}: {broken[0].reason}")
        return _accuracies(rows)


def _accuracies(rows: list[Row]) -> Accuracies:
    hits: dict[tuple[str, str], list[bool]] = {}
    for row in rows:
        right = [a == b for a, b in zip(row.predictions, row.labels, strict=True)]
        hits.setdefault((row.cell.method, row.cell.subset), []).extend(right)
    return {key: float(np.mean(found)) for key, found in hits.items()}


class Script:
    """The peer: `plain_script.py`, on the same images in the same folds."""

    def __init__(self, world: World) -> None:
        self._world, self._folder = world, world.settings.scratch / "script"
        self._folder.mkdir()
        self._write_images()
        self._tables = [self._write_source(kind) for kind in (ANPS, ATTRIBUTES)]

    def _write_images(self) -> None:
        dataset, subsets = self._world.dataset, self._world.subsets
        fold = np.zeros(len(dataset)) if self._world.folds.pool is None else self._world.folds.pool
        with (self._folder / "images.csv").open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["path", "label", "fold", *subsets])
            for i, path in enumerate(_paths(dataset)):
                inside = [int(dataset.subsets[name][i]) for name in subsets]
                writer.writerow([path, dataset.labels[i], fold[i], *inside])

    def _write_source(self, kind: str) -> str:
        source = self._world.sources.get(kind)
        if source is None:
            return "-"
        table = self._folder / f"{kind}.csv"
        with table.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["path", "concepts"])
            for path, shown in zip(_paths(source), source.positive, strict=True):
                writer.writerow([path, ";".join(source.concepts[k] for k in np.flatnonzero(shown))])
        return str(table)

    def run(self) -> Accuracies:
        """Run the script."""
        images, out = self._folder / "images.csv", self._folder / "predictions.csv"
        _run(
            [
                *(sys.executable, str(SCRIPT), str(images), *self._tables, str(out)),
                *("--jobs", str(self._world.settings.cores), "--methods", ",".join(self._world.methods)),
            ],
            self._world,
        )
        hits: dict[tuple[str, str], list[bool]] = {}
        with out.open(newline="") as file:
            for row in csv.DictReader(file):
                right = (float(row["score"]) > 0) == (row["label"] == "1")
                hits.setdefault((row["method"], row["subset"]), []).append(right)
        return {key: float(np.mean(found)) for key, found in hits.items()}


def _paths(data: Dataset | Source) -> list[str]:
    """Files of the images: the script gets what the product gets, and no method sees either."""
    return [] if data.images._paths is None else data.images._paths.tolist()


def _run(command: list[str], world: World) -> None:
    """Run a command and pass on what it says."""
    environment = os.environ | {"COLUMNS": "200", "NO_COLOR": "1"}
    last = ""
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
    ) as process:
        for line in process.stdout or ():
            last = line.strip() or last
            world.settings.tell(last)
    if process.returncode:
        raise SpeedError(f"{' '.join(command[:4])} ... ended with code {process.returncode}: {last}")


def compare(ours: Accuracies, theirs: Accuracies, n: int) -> list[Check]:
    """Both did the same rows, and the product is not worse than details explain."""
    same, allowed = ours.keys() == theirs.keys(), WORSE + n**-0.5
    mine, other = float(np.mean(list(ours.values()))), float(np.mean(list(theirs.values())))
    each = ", ".join(
        f"{method} {subset} {ours[method, subset]:.3f} ({value:.3f})"
        for (method, subset), value in theirs.items()
        if (method, subset) in ours
    )
    return [
        Check("rows that both have", f"{len(ours.keys() & theirs.keys())}", f"{len(theirs)}", same),
        Check(
            "mean accuracy, and the script's",
            f"{mine:.3f}, {other:.3f}",
            f"at most {allowed:.2f} below",
            mine >= other - allowed,
        ),
        Check("accuracies, and the script's", each, "nothing", True),
    ]


def same(first: Accuracies, second: Accuracies) -> Check:
    """Caches change no result."""
    return Check("same accuracies from empty and full caches", str(first == second), "True", first == second)
