"""What training runs on: the fast number format, memory, threads, and how the C library keeps memory."""

import contextlib
import ctypes
import os
import platform
from collections.abc import Iterator, Mapping
from typing import Any

import torch

CPU = torch.device("cpu")

_MMAP_THRESHOLD, _TRIM_THRESHOLD, _TOP_PAD = -3, -1, -2
"""Of glibc's malloc.h."""

_FAST_BFLOAT16 = ("amx_bf16", "avx512_bf16", "arm_bf16", "sve_bf16")
"""Instructions that multiply matrices of bfloat16; without them the format is slower than float32."""


def fast_dtype(device: torch.device) -> torch.dtype:
    """bfloat16 where the device has instructions for it, else float32."""
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported(including_emulation=False) else torch.float32
    fast = device.type == "cpu" and any(_capabilities().get(name) for name in _FAST_BFLOAT16)
    return torch.bfloat16 if fast else torch.float32


def _capabilities() -> Mapping[str, Any]:
    """What the CPU can do; nothing is known before PyTorch 2.10."""
    return getattr(torch.cpu, "get_capabilities", dict[str, Any])()


def chosen_dtype(name: str, device: torch.device) -> torch.dtype:
    """The dtype of a setting: ``float32``, ``bfloat16``, or ``auto`` for `fast_dtype`."""
    known = {"float32": torch.float32, "bfloat16": torch.bfloat16}
    return fast_dtype(device) if name == "auto" else known[name]


def free_memory(device: torch.device) -> int:
    """Bytes that can be taken now."""
    if device.type == "cuda":
        return int(torch.cuda.mem_get_info(device)[0])
    name = "SC_AVPHYS_PAGES" if "SC_AVPHYS_PAGES" in os.sysconf_names else "SC_PHYS_PAGES"
    return os.sysconf(name) * os.sysconf("SC_PAGE_SIZE")


def keep_large_blocks() -> bool:
    """Tell glibc to keep large freed blocks instead of handing them back to the system.

    Otherwise every step of a training asks for its hundreds of megabytes anew, and the system clears them
    page by page. It holds for the whole process; memory once used stays with it.

    Returns
    -------
    bool
        False where the C library is another one, or refused: nothing has changed then.
    """
    if platform.libc_ver()[0] != "glibc":
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return False
    values = ((_MMAP_THRESHOLD, 1 << 30), (_TRIM_THRESHOLD, (1 << 31) - 1), (_TOP_PAD, 64 << 20))
    taken = [mallopt(name, value) == 1 for name, value in values]
    return all(taken)


@contextlib.contextmanager
def running_with(device: torch.device, *, threads: int | None, deterministic: bool) -> Iterator[None]:
    """Threads, deterministic algorithms and random state for one training; as they were afterwards.

    Parameters
    ----------
    threads : int or None
        Of a CPU; None leaves it. Results repeat bit for bit at equal numbers.
    deterministic : bool
        Only algorithms that give the same bits each time, also on a GPU, where they may be slower.
    """
    before = torch.get_num_threads()
    was = (torch.are_deterministic_algorithms_enabled(), torch.backends.cudnn.benchmark)
    filled = torch.utils.deterministic.fill_uninitialized_memory  # type: ignore[attr-defined]
    with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
        try:
            if threads is not None:
                torch.set_num_threads(threads)
            if deterministic:
                os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
                torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]
                torch.use_deterministic_algorithms(True)
            torch.backends.cudnn.benchmark = not deterministic
            yield
        finally:
            torch.set_num_threads(before)
            torch.use_deterministic_algorithms(was[0])
            torch.backends.cudnn.benchmark = was[1]
            torch.utils.deterministic.fill_uninitialized_memory = filled  # type: ignore[attr-defined]


def describe_processor(device: torch.device, dtype: torch.dtype, deterministic: bool) -> dict[str, Any]:
    """What the numbers of a training depend on besides its settings."""
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else _capabilities().get("cpu_name")
    return {
        "device": device.type,
        "name": str(name or platform.machine()),
        "dtype": str(dtype).removeprefix("torch."),
        "threads": torch.get_num_threads(),
        "instructions": torch.backends.cpu.get_cpu_capability(),
        "deterministic": deterministic,
        "torch": torch.__version__,
    }
