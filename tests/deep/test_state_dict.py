"""Weights from files: tensors only, all of them, and errors that name what differs."""

from pathlib import Path

import pytest
import safetensors.torch
import torch
from torch import nn

from benchmark.data.known_file import KnownFileError
from deep.state_dict import load_strictly, read_state_dict


def network() -> nn.Module:
    torch.manual_seed(0)
    return nn.ModuleDict({"conv1": nn.Conv2d(3, 4, 3), "bn1": nn.BatchNorm2d(4), "fc": nn.Linear(4, 2)})


@pytest.fixture
def saved(tmp_path: Path) -> dict[str, torch.Tensor]:
    return {name: torch.randn_like(v.float()).to(v.dtype) for name, v in network().state_dict().items()}


def load(state: object, path: Path) -> nn.Module:
    torch.save(state, path)
    loaded = network()
    load_strictly(loaded, read_state_dict(path), path, "toynet")
    return loaded


@pytest.mark.parametrize("form", ["plain", "nested", "parallel", "compiled", "safetensors"])
def test_weights_arrive_from_every_usual_form(form: str, saved: dict, tmp_path: Path) -> None:
    path = tmp_path / "w.pth"
    if form == "safetensors":
        path = tmp_path / "w.safetensors"
        safetensors.torch.save_file(saved, path)
        loaded = network()
        load_strictly(loaded, read_state_dict(path), path, "toynet")
    else:
        forms = {
            "plain": saved,
            "nested": {"epoch": 3, "state_dict": saved},
            "parallel": {f"module.{name}": value for name, value in saved.items()},
            "compiled": {f"_orig_mod.{name}": value for name, value in saved.items()},
        }
        loaded = load(forms[form], path)
    for name, value in loaded.state_dict().items():
        assert torch.equal(value, saved[name]), name


def test_counters_of_batches_may_be_absent(saved: dict, tmp_path: Path) -> None:
    del saved["bn1.num_batches_tracked"]
    assert torch.equal(load(saved, tmp_path / "w.pth").state_dict()["fc.weight"], saved["fc.weight"])


def test_a_missing_tensor_is_named_with_the_nearest_that_is_there(saved: dict, tmp_path: Path) -> None:
    saved["fc1.weight"] = saved.pop("fc.weight")
    with pytest.raises(KnownFileError, match=r"toynet: the file lacks fc.weight \(it has fc1.weight\)"):
        load(saved, tmp_path / "w.pth")


def test_a_surplus_tensor_is_named(saved: dict, tmp_path: Path) -> None:
    with pytest.raises(KnownFileError, match=r"has head\.bias besides"):
        load({**saved, "head.bias": torch.zeros(1)}, tmp_path / "w.pth")


def test_another_shape_is_named_with_both(saved: dict, tmp_path: Path) -> None:
    saved["fc.weight"] = torch.zeros(5, 4)
    with pytest.raises(KnownFileError, match=r"fc.weight as \(5, 4\) instead of \(2, 4\)"):
        load(saved, tmp_path / "w.pth")


class Payload:
    """What a hostile file would hold."""

    def __reduce__(self) -> tuple:
        return (print, ("unpickled",))


def test_nothing_but_tensors_is_unpickled(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(KnownFileError, match="holds objects besides tensors"):
        load({"fc.weight": Payload()}, tmp_path / "w.pth")
    assert "unpickled" not in capsys.readouterr().out


@pytest.mark.parametrize("name", ["cut.pth", "cut.safetensors"])
def test_a_cut_off_file_is_refused_by_name(name: str, saved: dict, tmp_path: Path) -> None:
    path = tmp_path / name
    if path.suffix == ".pth":
        torch.save(saved, path)
    else:
        safetensors.torch.save_file(saved, path)
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(KnownFileError, match=name):
        read_state_dict(path)


def test_what_is_no_collection_of_tensors_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KnownFileError, match="tensors by name were expected, not Tensor"):
        load(torch.zeros(3), tmp_path / "w.pth")
    with pytest.raises(KnownFileError, match="not int"):
        load({"fc.weight": 3}, tmp_path / "v.pth")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(KnownFileError, match=r"nowhere\.pth: no such file"):
        read_state_dict(tmp_path / "nowhere.pth")
