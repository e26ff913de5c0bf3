"""Training on several processes, as `torchrun` starts them: each takes its share of every batch."""

import contextlib
import dataclasses
import os
from collections.abc import Iterator

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from deep.processor import CPU


@dataclasses.dataclass(frozen=True)
class Ranks:
    """Who takes part.

    Attributes
    ----------
    rank : int
        Of this process, from 0. The first writes files.
    size : int
        Processes.
    device : torch.device
        Of this process.
    """

    rank: int = 0
    size: int = 1
    device: torch.device = CPU

    @property
    def first(self) -> bool:
        """Whether this process is the one that writes files."""
        return self.rank == 0

    def share(self, batch: int) -> slice:
        """Which images of a batch this process takes.

        Raises
        ------
        ValueError
            The batch cannot be divided evenly: the processes' mean loss would not be that of the batch.
        """
        if batch % self.size:
            raise ValueError(
                f"a batch of {batch} images on {self.size} processes; use a multiple of {self.size}"
            )
        part = batch // self.size
        return slice(self.rank * part, (self.rank + 1) * part)

    def wrap(self, network: nn.Module) -> nn.Module:
        """The network with gradients averaged over the processes; as it is for one process."""
        if self.size == 1:
            return network
        ids = [self.device.index] if self.device.type == "cuda" else None
        return DistributedDataParallel(network, device_ids=ids)

    def mean(self, value: Tensor) -> Tensor:
        """Mean over the processes."""
        if self.size > 1:
            value = value.clone()
            dist.all_reduce(value)
            value /= self.size
        return value

    def gather_rows(self, rows: Tensor, most: int) -> Tensor:
        """The rows of all processes in their order; each has ``most``, the last ones perhaps fewer."""
        if self.size == 1:
            return rows
        padded = rows.new_zeros((most, *rows.shape[1:]))
        padded[: len(rows)] = rows
        parts = [torch.empty_like(padded) for _ in range(self.size)]
        dist.all_gather(parts, padded)
        return torch.cat(parts)

    def agreed(self, wish: bool) -> bool:
        """What the first process wishes: clocks differ, and all must do the same."""
        if self.size == 1:
            return wish
        flag = torch.tensor([wish], dtype=torch.uint8, device=self.device)
        dist.broadcast(flag, 0)
        return bool(flag.item())

    def wait(self) -> None:
        """Wait for all processes."""
        if self.size > 1:
            dist.barrier()


ALONE = Ranks()
"""One process on a CPU."""


def device_of(name: str) -> torch.device:
    """The device of a setting: ``cpu``, ``cuda``, or ``auto`` for a GPU where there is one.

    Raises
    ------
    ValueError
        ``cuda`` where PyTorch finds no GPU.
    """
    if name == "cuda" and not torch.cuda.is_available():
        raise ValueError("--device cuda: PyTorch finds no GPU here; use --device cpu or auto")
    return torch.device(("cuda" if torch.cuda.is_available() else "cpu") if name == "auto" else name)


@contextlib.contextmanager
def joined(device: str = "auto") -> Iterator[Ranks]:
    """Take part in what `torchrun` started, or be alone where it did not.

    Parameters
    ----------
    device : str
        ``cpu``, ``cuda``, or ``auto``: a GPU where there is one.
    """
    kind = device_of(device).type
    size, rank = int(os.environ.get("WORLD_SIZE", "1")), int(os.environ.get("RANK", "0"))
    local = int(os.environ.get("LOCAL_RANK", "0"))
    where = torch.device("cuda", local) if kind == "cuda" else torch.device(kind)
    if where.type == "cuda":
        torch.cuda.set_device(where)
    if size == 1:
        yield Ranks(device=where)
        return
    dist.init_process_group("nccl" if where.type == "cuda" else "gloo")
    try:
        yield Ranks(rank, size, where)
    finally:
        dist.destroy_process_group()
