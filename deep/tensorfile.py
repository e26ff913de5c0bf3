"""Files of tensors with a JSON description: safetensors, whole or absent, nothing ever unpickled."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import safetensors
import safetensors.torch
from torch import Tensor

from benchmark.data.files import write_bytes

_KEY = "description"


class TensorFileError(ValueError):
    """A file of tensors cannot be read; the message says which and what to do."""


def write_tensors(path: Path, tensors: Mapping[str, Tensor], description: Mapping[str, Any]) -> None:
    """Write tensors and what describes them into one file, whole or not at all.

    Parameters
    ----------
    tensors : mapping of str to Tensor
        Of any dtype; those of a GPU are copied.
    description : mapping
        Anything that JSON holds.
    """
    plain = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    text = json.dumps(dict(description), sort_keys=True)
    write_bytes(path, safetensors.torch.save(plain, {_KEY: text}))


def read_tensors(path: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Tensors and description of a file.

    Raises
    ------
    TensorFileError
        The file is missing, cut off or of another kind.
    """
    try:
        with safetensors.safe_open(path, framework="pt") as file:
            description = json.loads((file.metadata() or {})[_KEY])
            if not isinstance(description, dict):
                raise ValueError("its description is no mapping")
            return {name: file.get_tensor(name) for name in file.keys()}, description  # noqa: SIM118
    except (OSError, safetensors.SafetensorError, KeyError, ValueError, RecursionError) as error:
        raise TensorFileError(
            f"{path}: not a file of tensors written here ({error}); delete it and run again"
        ) from None
