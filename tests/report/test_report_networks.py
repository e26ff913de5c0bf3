"""The figures of networks: what they are drawn from, and that they stay where a network is not at hand."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image
from trained_networks import DESCRIPTION, KEYS, source_rows, using_network, write_network

from benchmark.protocol.row import Row
from benchmark.report.emotion_figure import draw_emotions
from benchmark.report.evidence import gather
from benchmark.report.filter_figure import (
    Filters,
    common_scale,
    draw_filters,
    kernel_picture,
    mosaic,
    neighbour_correlation,
    relative_change,
)
from benchmark.report.layers import read_layers
from benchmark.report.network_facts import used_networks
from benchmark.report.network_figure import draw_network
from benchmark.report.network_report import network_figures
from benchmark.report.progressive_figure import draw_scheme
from benchmark.report.scheme import scheme_of
from benchmark.report.trained_network import NetworkFileError, TrainedNetwork
from benchmark.report.training_figure import Training, draw_trainings
from benchmark.report.write import write_report

Make = Callable[..., list[Row]]
NAMES = ("figure2", "figure3", "figure4", "trainings", "emotions_CNN", "emotions_PCNN")
FIGURES = {f"figures/{name}.{kind}" for name in NAMES for kind in ("png", "pdf")}


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run's folder with the networks of `trained_networks`."""
    for method in ("CNN", "PCNN", "3CONV-2FC"):
        write_network(tmp_path / "artefacts", method)
    return tmp_path


def unknown(image: str) -> None:
    """No picture is at hand."""


def words(figure: Figure) -> str:
    """Everything that is written in a figure."""
    found = [text.get_text() for text in figure.findobj(lambda o: hasattr(o, "get_text"))]
    return " ".join(" ".join(found).split())


def test_all_are_drawn_where_the_networks_are_and_come_out_the_same(run: Path, make_rows: Make) -> None:
    rows = source_rows()
    drawn, lacking = network_figures(gather(rows), run, unknown)
    assert (set(drawn), lacking) == (FIGURES, set())
    assert network_figures(gather(rows), run, unknown)[0] == drawn
    for name, data in drawn.items():
        assert data[:4] == (b"%PDF" if name.endswith("pdf") else b"\x89PNG")
    assert network_figures(gather(make_rows(["GCH"])), run) == ({}, set())


def test_what_was_drawn_before_stays_where_the_networks_are_gone(run: Path, make_rows: Make) -> None:
    rows = source_rows()
    written = {path.relative_to(run).as_posix() for path in write_report(rows, run, unknown)}
    assert written >= FIGURES
    before = {name: (run / name).read_bytes() for name in FIGURES}
    for folder in (run / "artefacts").iterdir():
        for path in folder.iterdir():
            if path.name != "card.json":
                path.unlink()
    again = {path.relative_to(run).as_posix() for path in write_report(rows, run, unknown)}
    assert again & FIGURES == {"figures/figure3.png", "figures/figure3.pdf"}
    assert {name: (run / name).read_bytes() for name in FIGURES} == before
    write_report(make_rows(["GCH"], n=40), run)
    assert not [name for name in FIGURES if (run / name).exists()]


def test_the_network_is_the_one_that_the_rows_used(run: Path) -> None:
    other = run / "artefacts" / f"CNN-weights-{'9' * 16}"
    (run / "artefacts" / f"CNN-weights-{KEYS['CNN'][:16]}").rename(other)
    drawn, lacking = network_figures(gather(source_rows(["CNN"])), run)
    assert drawn == {}
    assert "figures/figure4.png" in lacking
    used = used_networks([*source_rows(["CNN"]), *source_rows(["CNN"], key="77" * 16)])
    assert used["CNN"].key == KEYS["CNN"]


def test_a_damaged_file_is_named_and_nothing_is_written(run: Path) -> None:
    folder = TrainedNetwork("CNN-weights", run / "artefacts" / f"CNN-weights-{KEYS['CNN'][:16]}")
    (folder.path / "weights.safetensors").write_bytes(b"broken")
    with pytest.raises(NetworkFileError, match=r"weights\.safetensors: cannot be read .* run again"):
        write_report(source_rows(), run)
    assert not (run / "tables").exists()
    (folder.path / "emotions.json").write_text('{"units": [{"weight": 1}]}')
    with pytest.raises(NetworkFileError, match=r"emotions\.json"):
        assert folder.emotions
    (folder.path / "network.json").write_text(json.dumps({"layers": []}))
    with pytest.raises(NetworkFileError, match=r"network\.json"):
        assert folder.layers


def test_figure_2_has_a_block_for_every_layer_with_weights_and_names_the_emotion_layer() -> None:
    network = read_layers(DESCRIPTION)
    assert [block.layer.name for block in network.blocks] == ["conv1", "fc1", "emotion", "output"]
    assert network.blocks[0].output == (96, 6, 6)
    assert network.parameters == 34_944 + 1_769_984 + 12_312 + 50
    said = words(draw_network(network, "CNN-weights c0c0"))
    for part in (
        "3 x 64 x 64",
        "96 x 14 x 14",
        "96 x 6 x 6",
        "96 kernels 11x11x3",
        "emotion layer",
        "24 units",
        "negative, positive",
        f"{network.parameters:,} parameters",
        "CNN-weights c0c0",
    ):
        assert part in said


def test_figure_3_tells_the_run_s_own_numbers(make_rows: Make) -> None:
    rows = using_network(make_rows(["CNN", "PCNN"]) + make_rows(["CNN", "PCNN"], stage="zero-transfer"))
    evidence = gather([*rows, *source_rows()])
    scheme = scheme_of(evidence, used_networks(evidence.source))
    assert scheme is not None
    said = words(draw_scheme(scheme))
    for part in (
        "photos: 170 images",
        "60 of 80 (75.0%)",
        "45 of 50 (90.0%)",
        "15 of 30 (50.0%)",
        "25 iterations of 64",
        "fine-tune on 4 folds, test on the other",
        "CNN-weights c0c0c0c0c0c0c0c0, PCNN-weights d1d1d1d1d1d1d1d1",
    ):
        assert part in said
    assert said.count("untuned") == 2
    assert scheme_of(evidence, used_networks(source_rows(["CNN"]))) is None


def test_figure_4_scales_all_kernels_alike_and_says_how() -> None:
    rng = np.random.default_rng(0)
    weak = Filters("CNN", "a", rng.normal(0, 0.1, (96, 3, 11, 11)).astype(np.float32))
    strong = Filters("PCNN", "b", 2 * weak.kernels)
    scale = common_scale([weak, strong])
    assert common_scale([strong]) > scale > common_scale([weak])
    assert kernel_picture(np.zeros((3, 11, 11)), scale) == pytest.approx(np.full((11, 11, 3), 0.5))
    assert kernel_picture(np.full((3, 2, 2), 9 * scale), scale).max() == 1.0
    assert mosaic(weak.kernels, scale)[12:23, :11] == pytest.approx(kernel_picture(weak.kernels[12], scale))
    assert relative_change(weak.kernels, strong.kernels) == pytest.approx(1.0)
    assert relative_change(weak.kernels, weak.kernels[:5]) is None
    said = words(draw_filters([weak, strong]))
    assert f"full light and dark are ±{scale:.3g}" in said
    assert "96 kernels of 11 x 11 x 3; a" in said


def test_noise_is_told_from_edges() -> None:
    noise = np.random.default_rng(0).normal(size=(96, 3, 11, 11))
    edge = np.broadcast_to(np.sin(np.arange(11) / 3), (1, 3, 11, 11))
    assert neighbour_correlation(noise) == pytest.approx(0, abs=0.02)
    assert (neighbour_correlation(edge) or 0) > 0.8
    assert neighbour_correlation(np.zeros((1, 3, 4, 4))) is None


def without(run: Path, *files: str) -> None:
    """Take files out of all networks, so that fewer figures are drawn."""
    for name in files:
        for path in run.glob(f"artefacts/*/{name}"):
            path.unlink()


def test_a_pcnn_that_began_elsewhere_is_not_paired_with_the_cnn(run: Path) -> None:
    without(run, "training.csv", "emotions.json")
    card = run / "artefacts" / f"PCNN-weights-{KEYS['PCNN'][:16]}" / "card.json"
    before = network_figures(gather(source_rows()), run)[0]["figures/figure4.png"]
    card.write_text(card.read_text().replace(KEYS["CNN"], "55" * 16))
    assert TrainedNetwork("PCNN-weights", card.parent).began_as("CNN-weights") == "55" * 16
    assert network_figures(gather(source_rows()), run)[0]["figures/figure4.png"] != before


def test_the_curves_are_those_of_the_log(run: Path) -> None:
    network = TrainedNetwork("CNN-weights", run / "artefacts" / f"CNN-weights-{KEYS['CNN'][:16]}")
    assert network.kept_step == 26
    figure = draw_trainings([Training("CNN", network.label, "80 images", network.log, network.kept_step)])
    losses, aucs = figure.axes
    assert losses.lines[0].get_xydata().tolist() == [[10, 0.9], [13, 0.8], [26, 0.7]]
    assert losses.lines[1].get_xydata().tolist() == [[13, 0.66], [26, 0.64]]
    assert aucs.lines[0].get_xydata().tolist() == [[13, 0.61], [26, 0.72]]
    assert "kept .720" in words(figure)


def test_emotion_units_show_pictures_where_there_are_any_and_name_the_silent(run: Path) -> None:
    network = TrainedNetwork("CNN-weights", run / "artefacts" / f"CNN-weights-{KEYS['CNN'][:16]}")
    asked: list[str] = []

    def picture(image: str) -> np.ndarray:
        asked.append(image)
        return np.full((4, 4, 3), (255, 0, 0), dtype=np.uint8)

    said = words(draw_emotions(network.emotions, "CNN", "photos", picture))
    assert asked == ["0123456789abcdef"] * 3
    assert "01234567" not in said
    assert "units 2, 3, 4," in said
    assert "(21 of 24)" in said
    assert "positive +0.30" in said
    assert "negative -0.02" in said
    assert words(draw_emotions(network.emotions, "CNN", "photos")).count("01234567") == 3


def test_emotion_units_are_drawn_where_pictures_may_be_shown_alone(run: Path) -> None:
    without(run, "training.csv", "weights.safetensors", "network.json")
    red = np.full((8, 8, 3), (255, 0, 0), dtype=np.uint8)

    drawn, _ = network_figures(gather(source_rows(["CNN"])), run, lambda image: red)
    pixels = np.asarray(Image.open(io.BytesIO(drawn["figures/emotions_CNN.png"])).convert("RGB"))
    assert int((pixels == (255, 0, 0)).all(axis=2).sum()) > 3_000
    without_pictures, lacking = network_figures(gather(source_rows(["CNN"])), run, None)
    assert not [name for name in {*without_pictures, *lacking} if "emotions" in name]
