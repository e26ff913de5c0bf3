"""The networks in the registry: known without PyTorch."""

import subprocess
import sys

from benchmark.registry import load_registry


def test_the_registry_knows_the_networks_and_pytorch_is_not_imported() -> None:
    code = (
        "import sys; from benchmark.registry import load_registry; r = load_registry(); "
        "assert {'CNN', 'PCNN', '3CONV-4FC'} <= set(r); print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_every_architecture_of_table_1_is_tested_on_the_source() -> None:
    registry = load_registry()
    for name in ("3CONV-4FC", "3CONV-2FC", "2CONV-3FC"):
        assert registry[name].stages == ("source-test",)
        (weights,) = registry[name].artefacts.values()
        assert registry.artefacts[weights].settings.architecture == name
    assert registry.artefacts["CNN-weights"].settings.architecture == "2CONV-4FC"
