"""The networks in the registry: known without PyTorch."""

import subprocess
import sys

from benchmark.data.fingerprint import source_hashes
from benchmark.registry import load_registry


def test_the_registry_knows_the_networks_and_pytorch_is_not_imported() -> None:
    code = (
        "import sys; from benchmark.registry import load_registry; r = load_registry(); "
        "assert {'CNN', 'PCNN', '3CONV-4FC'} <= set(r); print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_what_a_network_depends_on_is_told_without_importing_it() -> None:
    code = (
        "import sys; from benchmark.registry import load_registry; "
        "from benchmark.run.fingerprint import method_sources; "
        "found = method_sources(load_registry()['CNN']); "
        "assert {'deep.lrn', 'deep.transfer', 'deep.network'} <= set(found); print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_weights_do_not_depend_on_how_they_are_fine_tuned() -> None:
    found = set(source_hashes(["deep.network_artefacts"]))
    assert "deep.training" in found
    assert not found & {"deep.transfer", "deep.transferred_network", "deep.methods"}


def test_every_architecture_of_table_1_is_tested_on_the_source() -> None:
    registry = load_registry()
    for name in ("3CONV-4FC", "3CONV-2FC", "2CONV-3FC"):
        assert registry[name].stages == ("source-test",)
        (weights,) = registry[name].artefacts.values()
        assert registry.artefacts[weights].settings.architecture == name
    assert registry.artefacts["CNN-weights"].settings.architecture == "2CONV-4FC"
