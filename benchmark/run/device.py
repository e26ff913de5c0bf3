"""What networks run on where the user leaves the choice, and what of it their numbers depend on."""

import functools

AUTO, CUDA = "auto", "cuda"


def chosen_device(name: str) -> str:
    """The device of a setting as keys and methods get it: ``cuda`` for ``auto`` where PyTorch finds a GPU.

    ``auto`` stays where there is none, so results of GPU and CPU never share a key, and ``auto`` and ``cuda``
    do on the same machine.
    """
    return CUDA if name == AUTO and has_gpu() else name


@functools.cache
def has_gpu() -> bool:
    """Whether PyTorch can use a GPU here."""
    import torch

    return torch.cuda.is_available()


@functools.cache
def number_formats() -> str:
    """Instructions of the CPU for bfloat16, by which networks choose their number format; may be none."""
    import torch

    ask = getattr(torch.cpu, "get_capabilities", dict[str, bool])  # nothing is known before PyTorch 2.10
    return " ".join(sorted(name for name, there in ask().items() if "bf16" in name and there)) or "none"
