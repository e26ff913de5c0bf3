"""What a worker of a cluster does: look once whether it is fit for the run, then carry out calls.

A call runs in a fresh process of the worker's machine, exactly as it would here: a worker computes nothing
itself and keeps nothing from one cell to the next.
"""

import dataclasses
import functools
import importlib.util
import multiprocessing
import socket
from collections.abc import Mapping
from pathlib import Path

from benchmark.data.fingerprint import processor, source_hashes, value_hash, versions
from benchmark.registry import BUILTIN
from benchmark.run import isolated
from benchmark.run.device import AUTO, CUDA, has_gpu, number_formats
from benchmark.run.engine import Call, Needs


class WorkerError(RuntimeError):
    """A worker is not fit for the run; the message says which machine, in what, and what to do."""


@dataclasses.dataclass(frozen=True)
class Terms:
    """What must be the same on a worker as where the run was started.

    Attributes
    ----------
    needs : Needs
    versions, processor : tuple of (str, str)
        Of libraries; the kind of processor, on which alone results repeat to the byte. Where networks run on
        it, its instructions for bfloat16 count.
    sources : str
        Hash of the project's source and of the user's modules.
    tokens : tuple of (str, str)
        Files that the worker must find, and what they hold: in the folders that calls write into.
    """

    needs: Needs
    versions: tuple[tuple[str, str], ...]
    processor: tuple[tuple[str, str], ...]
    sources: str
    tokens: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of_here(cls, needs: Needs, tokens: Mapping[Path, str]) -> "Terms":
        """The terms that this process meets."""
        return cls(
            needs=needs,
            versions=tuple(versions(*needs.libraries).items()),
            processor=tuple(_processor(needs).items()),
            sources=loaded_sources(needs.imports),
            tokens=tuple((str(path), text) for path, text in tokens.items()),
        )

    @property
    def run(self) -> str:
        """Whose calls these are: the run's folder."""
        return str(next(iter(self.needs.written), ""))


@functools.cache
def loaded_sources(imports: tuple[str, ...]) -> str:
    """Hash of the source that calls run, as it was when this process first asked.

    A worker forks its calls from a server that has loaded the project, so a change after that must show.
    """
    return value_hash(source_hashes([__name__, "benchmark.run.warm", *BUILTIN, *imports]))


@functools.cache
def check_terms(terms: Terms) -> None:
    """Compare this process with where the run was started; once for each run.

    Raises
    ------
    WorkerError
        Something differs.
    """
    me = f"the worker on {socket.gethostname()}"
    for module in terms.needs.imports:
        if importlib.util.find_spec(module.partition(".")[0]) is None:
            raise WorkerError(
                f"{me} does not find the module {module} of --import; put its folder on PYTHONPATH there"
            )
    for what, wanted, found in (
        ("library", terms.versions, versions(*terms.needs.libraries)),
        ("processor", terms.processor, _processor(terms.needs)),
    ):
        for name, value in wanted:
            if found.get(name) != value:
                raise WorkerError(
                    f"{me} has {what} {name} {found.get(name, 'not at all')}, where the run was started it "
                    f"is {value}, and scores may change with it; give it the same, or leave it out"
                )
    _check_device(terms.needs.device, me)
    if loaded_sources(terms.needs.imports) != terms.sources:
        raise WorkerError(
            f"{me} runs other source than where the run was started, or was started before it changed; "
            "install the same version there and start the worker again"
        )
    _check_shared(terms, me)
    isolated.import_first(terms.needs.modules)


def _processor(needs: Needs) -> dict[str, str]:
    """The kind of processor, as far as the scores of a run depend on it."""
    on_cpu = needs.device not in ("", CUDA)
    return processor() | ({"instructions for bfloat16": number_formats()} if on_cpu else {})


def _check_device(wanted: str, me: str) -> None:
    if wanted == AUTO and has_gpu():
        raise WorkerError(
            f"{me} has a GPU, where the run was started there is none, and networks would run on both; "
            "give --device cpu, or cuda where every worker has a GPU"
        )
    if wanted == CUDA and not has_gpu():
        raise WorkerError(
            f"{me} has no GPU that PyTorch can use, and networks are to run on one; leave it out, or give "
            "--device cpu"
        )


def _check_shared(terms: Terms, me: str) -> None:
    for path, text in terms.tokens:
        try:
            seen = Path(path).read_text() == text
        except OSError:
            seen = False
        if not seen:
            raise WorkerError(
                f"{me} does not see {Path(path).parent} as it is where the run was started; mount it there "
                "under the same path, or give --out and --cache folders that all machines share"
            )
    for folder in terms.needs.read:
        if not folder.exists():
            raise WorkerError(
                f"{me} does not see the images in {folder}; mount them there under the same path, or give "
                "their URL: --data file://..., s3://..."
            )


def carry_out(tag: int, call: Call, terms: Terms) -> tuple[int, isolated.Outcome]:
    """Carry out a call in a fresh process of this machine.

    Raises
    ------
    WorkerError
        This worker is not fit for the run.
    """
    check_terms(terms)
    process = multiprocessing.current_process()
    if process.daemon:
        # Dask marks its workers so and Python then refuses them children. Those of `isolated` end with their
        # parent by themselves, which is what the mark is for.
        process.daemon = False
    return tag, isolated.call(call.function, *call.arguments, threads=call.threads, owner=terms.run)
