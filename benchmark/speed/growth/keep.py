"""Keeping a measurement: its files and its figure."""

from pathlib import Path

from benchmark.speed.growth.chart import save_chart
from benchmark.speed.growth.measured import growths
from benchmark.speed.growth.results import GrowthResult, write_growth

KINDS = "whole lines: a batch of images at a time, broken: all images in memory"


def keep(result: GrowthResult, out: Path) -> None:
    """Write ``growth.csv``, ``growth.json``, ``growth.png`` and ``growth.pdf``, in place of earlier ones."""
    if not result.measurements:
        return
    write_growth(result, out)
    quick = "; quick: sizes too small to judge by" if result.quick else ""
    save_chart(growths(result.measurements), out, f"{result.machine['processor']}, one core; {KINDS}{quick}")
