"""Networks are described without a run, and nothing that a trained network depends on knows of it."""

import subprocess
import sys

import pytest

from benchmark.architectures import UnknownArchitectureError, architecture_names, describe_architecture
from benchmark.data.fingerprint import source_hashes
from benchmark.report.layers import read_layers


def test_the_architectures_of_table_1_are_listed() -> None:
    assert set(architecture_names()) == {"3CONV-4FC", "3CONV-2FC", "2CONV-3FC", "2CONV-4FC"}


def test_the_network_of_figure_2_is_the_paper_s() -> None:
    network = read_layers(describe_architecture("2CONV-4FC"))
    outputs = {layer.name: layer.output for layer in network.layers}
    assert network.size == 227
    assert outputs["conv1"] == (96, 55, 55)
    assert [outputs[name] for name in ("fc1", "fc2", "emotion", "output")] == [(512,), (512,), (24,), (2,)]
    first = network.layers[0]
    assert first.parameters == 96 * (11 * 11 * 3 + 1)
    assert first.flops == 2 * 11 * 11 * 3 * 96 * 55 * 55
    assert network.parameters == sum(block.layer.parameters for block in network.blocks)


def test_size_and_spelling_are_taken_as_given() -> None:
    small = read_layers(describe_architecture("2conv-4fc", 64))
    assert (small.name, small.size, small.layers[0].output) == ("2CONV-4FC", 64, (96, 14, 14))


@pytest.mark.parametrize(("name", "size"), [("VGG", None), ("9CONV-4FC", None), ("2CONV-4FC", 32)])
def test_what_is_not_known_is_refused_with_the_next_command(name: str, size: int | None) -> None:
    with pytest.raises(UnknownArchitectureError, match="list architectures"):
        describe_architecture(name, size)


def test_a_trained_network_does_not_depend_on_its_description_s_door() -> None:
    found = source_hashes(["deep.methods"])
    assert "deep.description" in found
    assert not {"deep.architectures", "benchmark.architectures"} & set(found)


def test_the_door_opens_without_the_library_of_the_networks() -> None:
    code = (
        "import sys; from benchmark.architectures import architecture_names as n; n(); "
        "print('torch' in sys.modules)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "False"
