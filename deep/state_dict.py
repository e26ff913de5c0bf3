"""Weights from a file into a network: nothing unpickled, nothing left out, errors that name what differs."""

import difflib
import pickle
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import safetensors.torch
import torch
from torch import Tensor, nn

from benchmark.data.known_file import KnownFileError

NESTED = ("state_dict", "model_state_dict", "model_state", "model")
"""Names under which training scripts keep a network's weights beside other things."""

PREFIXES = ("module.", "_orig_mod.")
"""What data-parallel training and compilation put before every name."""

SHOWN = 3


def read_state_dict(path: Path) -> dict[str, Tensor]:
    """Tensors of a file by name: safetensors, or PyTorch's format restricted to tensors.

    Raises
    ------
    KnownFileError
        The file cannot be read, or holds more than tensors.
    """
    if not path.is_file():
        raise KnownFileError(f"{path}: no such file; give the file of weights")
    try:
        if path.suffix == ".safetensors":
            return safetensors.torch.load_file(path)
        found = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise KnownFileError(
            f"{path}: holds objects besides tensors, which are not loaded ({_first_line(error)}); "
            "save the weights alone: torch.save(model.state_dict(), FILE)"
        ) from None
    except Exception as error:  # given damaged bytes, the reader may raise anything
        raise KnownFileError(
            f"{path}: not a file of weights, or cut off ({_first_line(error)}); "
            "give .safetensors, or what torch.save(model.state_dict(), FILE) writes"
        ) from None
    return _tensors(found, path)


def load_strictly(network: nn.Module, state: Mapping[str, Tensor], path: Path, what: str) -> None:
    """Put weights into a network, each tensor of the one into one of the other.

    Parameters
    ----------
    path : Path
        Where they come from, for errors.
    what : str
        The network's name, for errors.

    Raises
    ------
    KnownFileError
        Names, shapes or kinds of numbers differ, or values are not finite; the message shows the first of
        each and the nearest names.
    """
    own = network.state_dict()
    # Counters of batches do nothing here, and files from before 2018 lack them.
    lacking = [name for name in own if name not in state and not name.endswith("num_batches_tracked")]
    foreign = [name for name in state if name not in own]
    misshaped = [name for name in own if name in state and state[name].shape != own[name].shape]
    faults = []
    if lacking:
        faults.append(f"lacks {_some([_near(name, foreign) for name in lacking])}")
    if foreign:
        faults.append(f"has {_some(foreign)} besides")
    kinds = [name for name in own if name in state and _is_other_kind(state[name], own[name])]
    if kinds:
        said = [f"{name} as {str(state[name].dtype).removeprefix('torch.')}" for name in kinds]
        faults.append(f"has {_some(said)}")
    infinite = [name for name in own if name in state and name not in kinds and not _is_finite(state[name])]
    if infinite:
        faults.append(f"has {_some(infinite)} with values that are not finite")
    if misshaped:
        shapes = [f"{n} as {tuple(state[n].shape)} instead of {tuple(own[n].shape)}" for n in misshaped]
        faults.append(f"has {_some(shapes)}")
    if faults:
        raise KnownFileError(
            f"{path}: not the weights of {what}: the file {', '.join(faults)}; "
            "give the file that belongs to the network, or name the network that it belongs to"
        )
    network.load_state_dict(dict(state), strict=False)


def _tensors(found: Any, path: Path) -> dict[str, Tensor]:
    """The tensors by name in what a file held."""
    inner = [found[name] for name in NESTED if isinstance(found, Mapping) and name in found]
    state = next((item for item in inner if isinstance(item, Mapping)), found)
    if not isinstance(state, Mapping) or not all(isinstance(value, Tensor) for value in state.values()):
        values = state.values() if isinstance(state, Mapping) else [state]
        kinds = sorted({type(value).__name__ for value in values} - {"Tensor"}) or ["Tensor"]
        raise KnownFileError(
            f"{path}: tensors by name were expected, not {', '.join(kinds)}; "
            "save the weights alone: torch.save(model.state_dict(), FILE)"
        )
    tensors = {str(name): value for name, value in state.items()}
    for prefix in PREFIXES:
        if tensors and all(name.startswith(prefix) for name in tensors):
            tensors = {name.removeprefix(prefix): value for name, value in tensors.items()}
    return tensors


def _is_other_kind(found: Tensor, own: Tensor) -> bool:
    """Whether a tensor holds no real numbers where weights are, which it would be made into unsaid."""
    return own.is_floating_point() and not found.is_floating_point()


def _is_finite(tensor: Tensor) -> bool:
    return not tensor.is_floating_point() or bool(torch.isfinite(tensor.float()).all())


def _near(name: str, others: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, others, n=1, cutoff=0.6)
    return f"{name} (it has {near[0]})" if near else name


def _some(items: Sequence[str]) -> str:
    rest = f" and {len(items) - SHOWN} more" if len(items) > SHOWN else ""
    return ", ".join(items[:SHOWN]) + rest


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0][:200] or type(error).__name__
