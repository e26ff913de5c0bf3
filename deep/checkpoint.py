"""Where a training stands, so that it goes on after a kill with the bit-identical next step."""

import dataclasses
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from deep.tensorfile import read_tensors, write_tensors


class CheckpointError(ValueError):
    """A checkpoint belongs to another training; the message says in what it differs and what to do."""


@dataclasses.dataclass
class Progress:
    """What of a training is kept besides its tensors.

    Attributes
    ----------
    step : int
        Iterations done.
    position : int
        Images drawn: all of the sampler's state.
    seconds : float
        Spent so far.
    validations : list of dict
        ``pass``, ``step`` and `deep.scoring.Scores` of each pass.
    kept : int
        Index in ``validations`` of the weights that are kept; -1 before the first.
    suspicious : int
        Passes in a row that looked collapsed.
    """

    step: int = 0
    position: int = 0
    seconds: float = 0.0
    validations: list[dict[str, float]] = dataclasses.field(default_factory=list)
    kept: int = -1
    suspicious: int = 0


def save_checkpoint(
    path: Path,
    network: nn.Module,
    optimiser: torch.optim.Optimizer,
    kept: dict[str, Tensor],
    random: dict[str, Tensor],
    progress: Progress,
    identity: dict[str, Any],
) -> None:
    """Write a checkpoint, whole or not at all.

    Parameters
    ----------
    kept : dict of str to Tensor
        Weights of the best pass so far; may be empty.
    random : dict of str to Tensor
        `random_state`.
    identity : dict
        What makes this training this one and no other.
    """
    tensors = {f"network.{name}": tensor for name, tensor in network.state_dict().items()}
    tensors |= {f"kept.{name}": tensor for name, tensor in kept.items()}
    tensors |= {f"random.{name}": tensor for name, tensor in random.items()}
    for index, state in optimiser.state_dict()["state"].items():
        tensors |= {f"optimiser.{index}.{key}": value for key, value in state.items() if value is not None}
    write_tensors(path, tensors, {"progress": dataclasses.asdict(progress), "identity": identity})


def load_checkpoint(
    path: Path, network: nn.Module, optimiser: torch.optim.Optimizer, identity: dict[str, Any]
) -> tuple[Progress, dict[str, Tensor], dict[str, Tensor]]:
    """Put network and optimiser where the checkpoint stands.

    Returns
    -------
    progress : Progress
    kept, random : dict of str to Tensor
        As given to `save_checkpoint`.

    Raises
    ------
    CheckpointError
        It was written by a training with other settings, images or weights to start from, or is damaged.
    """
    tensors, description = read_tensors(path)
    found = description.get("identity")
    if not isinstance(found, dict):
        raise _broken(path, "it does not say of which training")
    differences = sorted(key for key in {*found, *identity} if found.get(key) != identity.get(key))
    if differences:
        key = differences[0]
        raise CheckpointError(
            f"{path}: of another training: {', '.join(differences)[:200]} differ ({key} was "
            f"{str(found.get(key))[:200]}, is {str(identity.get(key))[:200]}); "
            "delete it, or go on with the settings it was made with"
        )
    try:
        progress = _progress(description["progress"])
        network.load_state_dict(_under(tensors, "network."))
        _load_optimiser(optimiser, _under(tensors, "optimiser."))
    except (KeyError, IndexError, TypeError, ValueError, RuntimeError) as error:
        raise _broken(path, str(error)) from None
    return progress, _under(tensors, "kept."), _under(tensors, "random.")


def _load_optimiser(optimiser: torch.optim.Optimizer, tensors: dict[str, Tensor]) -> None:
    parameters = [item.detach() for group in optimiser.param_groups for item in group["params"]]
    state: dict[int, dict[str, Tensor]] = {}
    for name, tensor in tensors.items():
        index, _, key = name.partition(".")
        parameter = parameters[int(index)]
        if tensor.shape == parameter.shape:  # fused optimisers expect the memory format of the parameter
            tensor = torch.empty_like(parameter).copy_(tensor)
        elif tensor.dim():
            raise ValueError(f"{key} of shape {tuple(tensor.shape)} for {tuple(parameter.shape)}")
        state.setdefault(int(index), {})[key] = tensor
    optimiser.load_state_dict({"state": state, "param_groups": optimiser.state_dict()["param_groups"]})


def _progress(found: Any) -> Progress:
    progress = Progress(**found)
    counts = (progress.step, progress.position, progress.kept, progress.suspicious)
    if not all(type(count) is int for count in counts):
        raise TypeError(f"counts are whole numbers, not {counts}")
    if not isinstance(progress.seconds, int | float) or not isinstance(progress.validations, list):
        raise TypeError("seconds are a number and validations a list")
    if not all(isinstance(scores, dict) for scores in progress.validations):
        raise TypeError("validations are scores by name")
    return progress


def _broken(path: Path, problem: str) -> CheckpointError:
    line = " ".join(problem.split())[:300]
    return CheckpointError(f"{path}: not a checkpoint of such a training ({line}); delete it and run again")


def random_state(device: torch.device) -> dict[str, Tensor]:
    """State of the generators that dropout draws from."""
    state = {"cpu": torch.get_rng_state()}
    if device.type == "cuda":
        state["cuda"] = torch.cuda.get_rng_state(device)
    return state


def set_random_state(state: dict[str, Tensor], device: torch.device) -> None:
    """Put the generators back to `random_state`."""
    torch.set_rng_state(state["cpu"])
    if device.type == "cuda":
        torch.cuda.set_rng_state(state["cuda"], device)


def _under(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}
