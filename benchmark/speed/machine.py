"""What a stage is measured on, and the environment it is measured in."""

import importlib.metadata
import importlib.util
import os
import platform
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmark.speed.stage import SpeedError

SLOWING = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
"""Make OpenBLAS use the kernels or block sizes of another processor; that can cost a factor of three."""

LIMITING = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "GOTO_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "OMP_WAIT_POLICY",
    "LOKY_MAX_CPU_COUNT",
)
"""Numbers of threads and processes, and how threads wait: each side sets its own."""

BESIDES = ("joblib", "torch", "torchvision")
"""Libraries named in the description, where installed, besides those that reach the scores."""


def clean_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment in which both sides run at their best.

    The variables of `SLOWING` and `LIMITING` are left out. They act when a library is loaded, so each stage
    starts in a fresh process with this environment.
    """
    return {name: value for name, value in environment.items() if name not in SLOWING + LIMITING}


def available_cores() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)


def resolve_device(device: str) -> str:
    """``cpu`` or ``cuda`` from ``auto``, ``cpu`` or ``cuda``.

    Raises
    ------
    SpeedError
        ``cuda`` is asked for and not there, or the word is none of these.
    """
    if device not in ("auto", "cpu", "cuda"):
        raise SpeedError(f"--device {device}: use auto, cpu or cuda")
    if device == "cpu":
        return device
    why = "PyTorch is not installed"
    if importlib.util.find_spec("torch") is not None:
        import torch

        if torch.cuda.is_available():
            return "cuda"
        why = "PyTorch finds no CUDA device"
    if device == "cuda":
        raise SpeedError(f"--device cuda: {why}; use --device cpu")
    return "cpu"


def describe_machine(device: str) -> dict[str, Any]:
    """Processor, memory, system and libraries, as JSON-serialisable values."""
    from benchmark.data.fingerprint import processor, versions

    libraries = dict(versions())
    for name in BESIDES:
        try:
            libraries[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return {
        "processor": _processor_name(),
        "cores": available_cores(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "blas": processor()["blas"],
        "libraries": libraries,
        "accelerator": _accelerator() if device == "cuda" else "",
        "load_before": round(os.getloadavg()[0], 2),
    }


def _processor_name() -> str:
    table = Path("/proc/cpuinfo")
    if table.exists():
        for line in table.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    if platform.system() == "Darwin":
        command = ["sysctl", "-n", "machdep.cpu.brand_string"]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    return platform.processor() or platform.machine()


def _accelerator() -> str:
    import torch

    return torch.cuda.get_device_name()
