"""What ``data check``, ``data fetch`` and ``data sheet`` found, in words."""

import functools
from collections import Counter

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmark.data.check import Check
from benchmark.data.fetch import Fetched
from benchmark.data.source import Source

NAMED = 20
"""Names of one kind that are printed before the rest is only counted."""


def tell_fetched(fetched: Fetched, console: Console, again: str) -> None:
    """Say what a fetch came to: what is still missing, by reason, and the command ``again`` that goes on."""
    counts = f"{fetched.count('fetched'):,} fetched, {fetched.count('kept'):,} there already"
    if not fetched.failed:
        _say(console, f"{fetched.folder}: complete ({counts})")
        return
    _say(console, f"{fetched.folder}: {counts}, {len(fetched.failed):,} missing")
    reasons: dict[str, list[str]] = {}
    for outcome in fetched.failed:
        reasons.setdefault(outcome.reason, []).append(outcome.name)
    for reason, names in reasons.items():
        _say(console, f"{reason}: {len(names):,}")
        _names(console, names, NAMED if len(names) <= NAMED else 3)
    _say(console, f"What is there is kept. To go on: {again}")


def tell_check(found: Check, console: Console, everything: bool = False) -> None:
    """Print a check: sizes, counts, and each kind of fault with its images (all, or the first few)."""
    most = None if everything else NAMED
    say = functools.partial(_say, console)
    say(f"{found.name} in {found.where}: {found.size:,} labelled images")
    _tell_counts(found, console)
    exact = [pair for pair in found.twins if pair.exact]
    near = [pair for pair in found.twins if not pair.exact]
    for title, pairs in (("byte-identical pairs", exact), ("near-duplicate pairs", near)):
        conflicts = sum(pair.conflict for pair in pairs)
        say(f"{title}: {len(pairs)}, of which {conflicts} with opposite labels (kept in one fold)")
        told = [
            f"{pair.first} = {pair.second}"
            + ("" if pair.exact else f" ({pair.distance} of 64 bits differ)")
            + (" OPPOSITE LABELS" if pair.conflict else "")
            for pair in sorted(pairs, key=lambda pair: not pair.conflict)
        ]
        _names(console, told, most)
    for oddity, names in found.odd.items():
        say(f"{oddity}: {len(names)} (handled)")
        _names(console, list(names), most)
    if found.unlabelled:
        say(f"images without a label, left out: {len(found.unlabelled)}")
        _names(console, list(found.unlabelled), most)
    for note in found.notes:
        say(f"note: {note}")
    for title, problems in (("missing or empty", found.missing), ("damaged", found.damaged)):
        if problems:
            say(f"{title}: {len(problems)}")
            _names(console, list(problems), None)
    if found.ok:
        say("ok: every image is there and can be decoded")
    else:
        say(
            "not usable as it is: put these files there (or fetch them again), "
            "or remove their lines from the labels"
        )


def tell_source(source: Source, console: Console) -> None:
    """Print what a training source holds: images, concepts and their labels, sentiment, and its notes."""
    say = functools.partial(_say, console)
    counts = source.positive.sum(axis=0)
    shown = counts[counts > 0]
    say(f"{source.name}: {len(source):,} images")
    yes, no = int(counts.sum()), int((source.judged & ~source.positive).sum())
    say(f"{len(counts):,} concepts, {len(shown):,} of them shown by an image")
    say(f"{yes:,} labels say that an image shows a concept, {no:,} that it does not")
    if len(shown):
        say(
            f"images that show a concept: {int(shown.min()):,} to {int(shown.max()):,}, "
            f"median {int(np.median(shown)):,}"
        )
    kinds = Counter(source.support)
    say("labels from " + ", ".join(f"{kind}: {count}" for kind, count in kinds.most_common()))
    if source.measured is not None:
        say(f"{int(source.measured.sum()):,} images bear human votes")
    positive, negative = (int((source.labels == label).sum()) for label in (1, 0))
    if (positive or negative) and not any(note.startswith("weak sentiment") for note in source.notes):
        unknown = len(source) - positive - negative
        say(f"weak sentiment: {positive:,} images positive, {negative:,} negative, {unknown:,} unknown")
    for note in source.notes:
        say(f"note: {note}")


def _tell_counts(found: Check, console: Console) -> None:
    table = Table("subset", *(("positive", "negative", "total")), box=None, pad_edge=False)
    if found.table4:
        table.add_column("Table 4")
    for subset, (positive, negative) in found.counts.items():
        cells = [subset, str(positive), str(negative), str(positive + negative)]
        if found.table4:
            published = found.table4[subset]
            same = "the same" if published == (positive, negative) else "different"
            cells.append(f"{published[0]} / {published[1]}: {same}")
        table.add_row(*cells)
    console.print(table)


def _names(console: Console, names: list[str], most: int | None) -> None:
    shown = names if most is None else names[:most]
    for name in shown:
        _say(console, f"  {name}")
    if len(shown) < len(names):
        _say(console, f"  and {len(names) - len(shown):,} more")


def _say(console: Console, text: str) -> None:
    """Print text as it is: names may hold brackets, and lines are not to be broken."""
    console.print(text, markup=False, highlight=False, soft_wrap=True)
