"""`Evidence`: the rows of one run, checked to belong together, in one order whatever order they came in."""

import dataclasses
import itertools
from collections.abc import Callable, Iterable, Sequence

from benchmark.protocol.row import Row
from benchmark.registry import ORDER
from benchmark.stages import SOURCE_TEST, STAGES

TABLES = {"zero-transfer": 5, "cross-validation": 6}
"""The table of each stage."""

SUBSETS = ("five", "four", "three", "all")
"""Order of the subsets; others follow by name."""


class EvidenceError(ValueError):
    """The rows do not belong in one table; the message names them and what to do."""


@dataclasses.dataclass(frozen=True)
class Gap:
    """A cell that has no scores.

    Attributes
    ----------
    seed, fold : int
        Which cell of its group.
    status : str
        ``missing``, ``failed`` or ``skipped``.
    reason : str
        Why, in one line; empty where the row is missing.
    """

    seed: int
    fold: int
    status: str
    reason: str


@dataclasses.dataclass(frozen=True)
class Group:
    """All cells of one method on one subset: what one line of a table averages.

    Attributes
    ----------
    stage, method, subset : str
        Which line.
    rows : tuple of Row
        Those that are ok, by seed and fold.
    gaps : tuple of Gap
        The others, by seed and fold.
    """

    stage: str
    method: str
    subset: str
    rows: tuple[Row, ...]
    gaps: tuple[Gap, ...]

    @property
    def status(self) -> str:
        """``ok``; ``failed`` where a cell failed; ``skipped`` where all were; ``incomplete`` otherwise."""
        found = {gap.status for gap in self.gaps}
        if not found:
            return "ok"
        if "failed" in found:
            return "failed"
        return "skipped" if found == {"skipped"} and not self.rows else "incomplete"

    @property
    def reason(self) -> str:
        """The folds without scores and why; empty where there are none."""
        if not self.rows and all(gap.status == "missing" for gap in self.gaps):
            return "not run" if self.gaps else ""
        several = len({row.cell.seed for row in self.rows} | {gap.seed for gap in self.gaps}) > 1
        parts = []
        for (seed, status, why), gaps in itertools.groupby(self.gaps, lambda g: (g.seed, g.status, g.reason)):
            folds = [str(gap.fold) for gap in gaps]
            name = f"seed {seed} " if several else ""
            name += f"fold{'s' if len(folds) > 1 else ''} {', '.join(folds)} {status}"
            parts.append(f"{name}: {why}" if why else name)
        return "; ".join(parts)


@dataclasses.dataclass(frozen=True)
class Evidence:
    """Rows of one dataset under one protocol; make it with `gather`.

    Attributes
    ----------
    rows : tuple of Row
        Those of target images, by stage, method, subset, seed and fold. The facts about all rows (dataset,
        protocol, ...) are those of the first row of all.
    source : tuple of Row
        Those of the source's test part, by method; their images and labels are the source's.
    """

    rows: tuple[Row, ...]
    source: tuple[Row, ...] = ()

    @property
    def _first(self) -> Row:
        return (*self.rows, *self.source)[0]

    @property
    def dataset(self) -> str:
        """Name of the dataset that was tested."""
        return self._first.cell.dataset

    @property
    def protocol(self) -> str:
        """``grouped`` or ``campos``."""
        return self._first.protocol

    @property
    def train_on(self) -> str:
        """``subset`` or ``all``."""
        return self._first.train_on

    @property
    def folds(self) -> int:
        """Number of folds of the protocol."""
        return self._first.folds

    @property
    def published(self) -> bool:
        """Whether the paper's figures are about these images."""
        return self._first.published

    @property
    def stages(self) -> list[str]:
        """Stages that have rows, in the order of their tables."""
        return [stage for stage in TABLES if any(row.cell.stage == stage for row in self.rows)]

    def subsets(self, stage: str | None = None) -> list[str]:
        """Subsets that have rows, in a stage or at all, in the order of the tables."""
        rows = sorted(self.rows, key=lambda row: _place(row)[2])
        return list(dict.fromkeys(row.cell.subset for row in rows if stage in (None, row.cell.stage)))

    def methods(self, stage: str, reference: bool = True) -> list[str]:
        """Methods that have rows in a stage, in the order of the tables.

        Parameters
        ----------
        reference : bool
            Whether methods of the family ``reference``, such as the majority class, are among them.
        """
        rows = [r for r in self.rows if r.cell.stage == stage and (reference or r.family != "reference")]
        return list(dict.fromkeys(row.cell.method for row in rows))

    def seeds(self, stage: str, method: str | None = None, subset: str | None = None) -> list[int]:
        """Seeds that a stage, a method in it, or its method on a subset was run with."""
        wanted = (stage, method, subset)
        cells = [row.cell for row in self.rows]
        return sorted(
            {
                c.seed
                for c in cells
                if all(w in (None, v) for w, v in zip(wanted, (c.stage, c.method, c.subset), strict=True))
            }
        )

    def group(self, stage: str, method: str, subset: str) -> Group:
        """The cells of a method on a subset, those that should be there and are not included."""
        at = {
            (row.cell.seed, row.cell.fold): row
            for row in self.rows
            if (row.cell.stage, row.cell.method, row.cell.subset) == (stage, method, subset)
        }
        folds = fold_numbers(stage, self.folds)
        seeds = sorted({seed for seed, _ in at}) or self.seeds(stage)
        rows, gaps = [], []
        for key in itertools.product(seeds, folds):
            row = at.get(key)
            if row is not None and row.status == "ok":
                rows.append(row)
            else:
                status, reason = (
                    ("missing", "") if row is None else (row.status, " ".join(row.reason.split()))
                )
                gaps.append(Gap(*key, status, reason))
        return Group(stage, method, subset, tuple(rows), tuple(gaps))


def gather(rows: Iterable[Row]) -> Evidence:
    """Check that rows belong together, and put them in order.

    Raises
    ------
    EvidenceError
        There are none; a cell comes twice; they are of different datasets, protocols, training sets or
        numbers of folds; or they contradict each other about which images a fold tests or an image's label.
    """
    everything = list(rows)
    source = tuple(sorted((row for row in everything if row.cell.stage == SOURCE_TEST), key=_place))
    ordered = tuple(sorted((row for row in everything if row.cell.stage != SOURCE_TEST), key=_place))
    if not everything:
        raise EvidenceError("there are no rows to report; make some: python -m benchmark run --all")
    for first, second in itertools.pairwise((*source, *ordered)):
        if first.cell == second.cell:
            raise EvidenceError(f"two rows of the cell {first.cell}; delete one of them and run again")
    both = (*ordered, *source)
    _check_same(both, "datasets", lambda row: row.cell.dataset)
    _check_same(both, "protocols", lambda row: row.protocol)
    _check_same(both, "training sets (train_on)", lambda row: row.train_on)
    _check_same(both, "numbers of folds", lambda row: str(row.folds))
    _check_same(ordered, "kinds of images (published)", lambda row: str(row.published))
    for row in both:
        if row.cell.fold not in fold_numbers(row.cell.stage, row.folds):
            raise EvidenceError(
                f"{row.cell}: {row.cell.stage} of {row.folds} folds has no fold {row.cell.fold}"
            )
    for part in (ordered, source):
        _check_labels(part)
        _check_test_parts(part)
    return Evidence(ordered, source)


def fold_numbers(stage: str, folds: int) -> range:
    """Numbers of a stage's folds: 1 to k, or 0 where there are none."""
    return range(1, folds + 1) if stage == "cross-validation" else range(0, 1)


def _place(row: Row) -> tuple:
    cell = row.cell
    method = (ORDER.index(cell.method) if cell.method in ORDER else len(ORDER), cell.method)
    subset = (SUBSETS.index(cell.subset) if cell.subset in SUBSETS else len(SUBSETS), cell.subset)
    return STAGES.index(cell.stage), method, subset, cell.seed, cell.fold


def _check_same(rows: Sequence[Row], what: str, value: Callable[[Row], str]) -> None:
    first: dict[str, Row] = {}
    counts: dict[str, int] = {}
    for row in rows:
        first.setdefault(value(row), row)
        counts[value(row)] = counts.get(value(row), 0) + 1
    if len(first) > 1:
        found = "; ".join(f"{name}: {counts[name]} rows, such as {row.cell}" for name, row in first.items())
        raise EvidenceError(
            f"the rows are of different {what} and may not be averaged ({found}); "
            f"give each run a folder of its own: python -m benchmark run --out DIR"
        )


def _check_labels(rows: Sequence[Row]) -> None:
    seen: dict[str, tuple[int, Row]] = {}
    for row in rows:
        for image, label in zip(row.images, row.labels, strict=True):
            known, other = seen.setdefault(image, (label, row))
            if known != label:
                raise EvidenceError(
                    f"image {image} has label {known} in {other.cell} and {label} in {row.cell}; "
                    f"the labels changed between the runs: run again with --resume never"
                )


def _check_test_parts(rows: Sequence[Row]) -> None:
    """Every method is tested on the same images in a fold, and no image in two folds of one assignment."""
    parts: dict[tuple, tuple[frozenset[str], Row]] = {}
    tested: dict[tuple, Row] = {}
    for row in rows:
        if not row.images:
            continue
        cell, images = row.cell, frozenset(row.images)
        assignment = (cell.stage, cell.subset, cell.seed)
        known, other = parts.setdefault((*assignment, cell.fold), (images, row))
        if known != images:
            raise EvidenceError(
                f"{other.cell} and {cell} test different images ({len(known)} and {len(images)}, "
                f"{len(known & images)} in common): their fold assignments differ; "
                f"run again with --resume never"
            )
        for image in images if other is row else ():
            first = tested.setdefault((*assignment, image), row)
            if first is not row:
                raise EvidenceError(f"image {image} is tested twice, in {first.cell} and in {cell}")
