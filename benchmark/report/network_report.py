"""The figures of a run's networks, drawn where the networks that the rows used still stand in its folder."""

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from benchmark.report.emotion_figure import emotion_files
from benchmark.report.evidence import Evidence
from benchmark.report.filter_figure import Filters, filter_files, relative_change
from benchmark.report.grids import Pictures
from benchmark.report.network_facts import NetworkFacts, used_networks
from benchmark.report.network_figure import network_files
from benchmark.report.progressive_figure import scheme_files
from benchmark.report.scheme import scheme_of
from benchmark.report.source_tables import CNN, PCNN
from benchmark.report.trained_network import DESCRIPTION, EMOTIONS, LOG, MODEL_CARD, WEIGHTS, TrainedNetwork
from benchmark.report.training_figure import Training, training_files

ARTEFACTS = "artefacts"
"""Where a run's folder keeps what was learned."""

Networks = Mapping[str, tuple[NetworkFacts, TrainedNetwork]]
"""By method: what its rows say of its network, and the network's folder."""

Drawing = dict[str, bytes]
"""A figure by kind of file: ``png``, ``pdf``."""


@dataclasses.dataclass(frozen=True)
class _Figure:
    """A figure that the rows tell of, and the files of which networks it needs."""

    name: str
    methods: tuple[str, ...]
    needs: tuple[str, ...]
    draw: Callable[[], Drawing]


def network_figures(
    evidence: Evidence, folder: Path, pictures: Pictures | None = None
) -> tuple[dict[str, bytes], set[str]]:
    """Draw the networks that the rows used.

    Parameters
    ----------
    folder : Path
        Of the run, with the networks under ``artefacts``.
    pictures : callable, optional
        Source image id -> uint8 (h, w, 3) or None; without it the emotion units are not drawn.

    Returns
    -------
    dict of str to bytes
        Content by path relative to the run's folder.
    set of str
        Paths of figures that the rows tell of but whose network is not here, as in a folder that keeps rows
        and cards alone: what was drawn of them before may stay.

    Raises
    ------
    NetworkFileError
        A file of a network is damaged.
    """
    networks = {
        method: (facts, TrainedNetwork(facts.artefact, folder / ARTEFACTS / facts.folder))
        for method, facts in used_networks((*evidence.source, *evidence.rows)).items()
    }
    drawn: dict[str, bytes] = {}
    lacking: set[str] = set()
    for figure in _figures(evidence, networks, pictures):
        if all(networks[method][1].has(file) for method in figure.methods for file in figure.needs):
            drawn.update({f"figures/{figure.name}.{kind}": data for kind, data in figure.draw().items()})
        else:
            lacking.update(f"figures/{figure.name}.{kind}" for kind in ("png", "pdf"))
    return drawn, lacking


def draw_emotions(
    facts: NetworkFacts, network: TrainedNetwork, title: str, pictures: Pictures | None = None
) -> Drawing:
    """The emotion units of a network, saying which it is and what it learned from."""
    origin = f"{facts.label}, source {facts.source}, {facts.images:,} images with weak labels"
    return emotion_files(network.emotions, f"{title}: the emotion layer", origin, pictures)


def _figures(evidence: Evidence, networks: Networks, pictures: Pictures | None) -> Iterator[_Figure]:
    shown = tuple(method for method in (CNN, PCNN) if method in networks)
    if shown:
        facts, first = networks[shown[0]]
        yield _Figure(
            "figure2", shown[:1], (DESCRIPTION,), lambda: network_files(first.layers, f"{facts.label}.")
        )
        yield _Figure("figure4", shown, (DESCRIPTION, WEIGHTS), lambda: _draw_filters(networks, shown))
    scheme = scheme_of(evidence, {method: facts for method, (facts, _) in networks.items()})
    if scheme is not None:
        yield _Figure("figure3", (), (), lambda: scheme_files(scheme))
    if networks:
        yield _Figure("trainings", tuple(networks), (LOG, MODEL_CARD), lambda: _draw_trainings(networks))
    for method in shown if pictures is not None else ():
        draw = _of_emotions(method, networks, pictures)
        yield _Figure(f"emotions_{method}", (method,), (EMOTIONS,), draw)


def _of_emotions(method: str, networks: Networks, pictures: Pictures | None) -> Callable[[], Drawing]:
    return lambda: draw_emotions(*networks[method], method, pictures)


def _draw_filters(networks: Networks, methods: tuple[str, ...]) -> Drawing:
    sets = [Filters(m, networks[m][0].label, networks[m][1].first_filters()) for m in methods]
    return filter_files(sets, _change(networks, sets) if len(sets) == 2 else "")


def _change(networks: Networks, sets: list[Filters]) -> str:
    """Whether the second network began as the first, and how far it went."""
    began = networks[PCNN][1].began_as(networks[CNN][0].artefact)
    if began != networks[CNN][0].key:
        return f"{PCNN} began as another {CNN} ({began[:16] or 'not said'}): kernels are not in pairs."
    change = relative_change(sets[0].kernels, sets[1].kernels)
    if change is None:
        return ""
    return (
        f"{PCNN} began as this {CNN}, so kernels at one place are one unit: all together they have changed "
        f"by {change:.2%} of their norm."
    )


def _draw_trainings(networks: Networks) -> Drawing:
    return training_files(
        [
            Training(
                title=method,
                label=facts.label,
                about=f"{facts.train:,} images of {facts.source}, "
                f"{facts.iterations:,} iterations of {facts.batch}",
                log=network.log,
                kept=network.kept_step,
            )
            for method, (facts, network) in networks.items()
        ]
    )
