"""Carrying out calls on many machines, through joblib's Dask backend.

Dask does the scheduling: a call whose worker dies is given to another. Dask and what comes with it are
imported here alone, and only for ``--backend dask``.
"""

import asyncio
import contextlib
import dataclasses
import os
import platform
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from benchmark.run import isolated
from benchmark.run.account import Account
from benchmark.run.config import ConfigError
from benchmark.run.engine import Call, Needs
from benchmark.run.on_worker import Terms, WorkerError, carry_out

CONNECT = 10.0
"""Seconds in which a scheduler has to answer."""

WORKERS = 30.0
"""Seconds in which it has to have a worker."""

LEFT = 300.0
"""Seconds for which a run waits where no worker is left."""

INSTALL = "pip install -e '.[dask]'"


class ClusterError(RuntimeError):
    """The cluster cannot be used; the message says which scheduler, why and what to do."""


class Cluster:
    """The workers of a Dask scheduler, as many calls at a time as they have threads.

    Parameters
    ----------
    client : distributed.Client
    """

    def __init__(self, client: Any) -> None:
        self.account = Account()
        self._client = client
        self._terms: Terms | None = None
        self._tokens: dict[Path, str] = {}

    def prepare(self, needs: Needs) -> None:
        """Fix what the workers must agree with, and end what a killed run of this folder left on them."""
        for folder in needs.written:
            folder.mkdir(parents=True, exist_ok=True)
            # Named as a temporary file of this process: one left behind is removed by the next run.
            path = folder / f".workers.{platform.node()}.{os.getpid()}.{secrets.token_hex(4)}.part"
            self._tokens[path] = secrets.token_hex(16)
            path.write_text(self._tokens[path])
        self._terms = Terms.of_here(needs, self._tokens)
        self._end_calls()

    def outcomes(self, calls: Iterable[Call]) -> Iterator[tuple[int, isolated.Outcome]]:
        """Outcomes as they come. What died with its workers is tried once more alone at the end.

        Raises
        ------
        WorkerError
            A worker is not fit for the run.
        ClusterError
            The scheduler was lost, or a worker cannot take calls.
        """
        lost: list[Call] = []
        for tag, outcome, call in self._carried_out(calls):
            if call is None:
                yield tag, outcome
            else:
                lost.append(call)
        # Dask blames every call that was waiting on a worker that died: alone, each answers for itself.
        for call in lost:
            for tag, outcome, _ in self._carried_out([call]):
                yield tag, outcome

    def _carried_out(self, calls: Iterable[Call]) -> Iterator[tuple[int, isolated.Outcome, Call | None]]:
        """Tag and outcome of each call; and the call, if it died with its workers."""
        import joblib

        terms = self._terms
        if terms is None:
            raise RuntimeError("calls before prepare(needs)")
        waiting: dict[int, Call] = {}

        def delayed() -> Iterator[Any]:
            for call in calls:
                waiting[call.tag] = dataclasses.replace(call, listen=None)
                yield joblib.delayed(carry_out)(call.tag, waiting[call.tag], terms)

        parallel = joblib.Parallel(
            n_jobs=-1, backend=_backend(self._client), batch_size=1, return_as="generator_unordered"
        )
        try:
            for tag, outcome in parallel(delayed()):
                call = waiting.pop(tag)
                yield tag, outcome, call if isinstance(outcome, _Lost) else None
        except (WorkerError, ClusterError):
            raise
        except Exception as error:
            raise ClusterError(_explain(error, self._client)) from error

    def stop(self) -> None:
        """End this run's calls on all workers."""
        self._end_calls()

    def close(self) -> None:
        """Leave the cluster to others."""
        for path in self._tokens:
            path.unlink(missing_ok=True)
        self._client.close()

    def _end_calls(self) -> None:
        if self._terms is not None and self._client.status == "running":
            # A worker that does not answer has nothing left to end.
            self._client.run(isolated.stop_calls_of, self._terms.run, on_error="ignore")


class _Lost(isolated.Outcome):
    """The call died with its workers."""


def _backend(client: Any) -> Any:
    from distributed.scheduler import KilledWorker
    from joblib._dask import DaskDistributedBackend

    class Backend(DaskDistributedBackend):
        """Joblib's, where a call that Dask gives up is an outcome; joblib would wait for it for ever.

        While all workers are gone it waits for one, but not for ever. Joblib would send a task ahead to see,
        always under the same key, and where that died with a worker once it would be refused from then on.
        And a single thread counts as two, since for one joblib would do the work here.
        """

        def effective_n_jobs(self, n_jobs: int) -> int:
            try:
                client.wait_for_workers(1, timeout=LEFT)
            except TimeoutError:
                raise ClusterError(_NO_WORKER_LEFT) from None
            return max(2, sum(client.ncores().values()))

        def start_call(self) -> None:
            super().start_call()
            client.loop.add_callback(self._give_up_without_workers)

        async def _give_up_without_workers(self) -> None:
            seen = time.monotonic()
            while self._continue and client.status == "running":
                await asyncio.sleep(LEFT / 100)
                if await client.scheduler.ncores(workers=None):
                    seen = time.monotonic()
                elif time.monotonic() - seen > LEFT:
                    for waiting in list(self._results.values()):
                        waiting.set_exception(ClusterError(_NO_WORKER_LEFT))
                    return

        def submit(self, func: Any, callback: Callable[[Any], None] | None = None) -> Any:
            ((_, (tag, *_rest), _named),) = func.items
            future = super().submit(func, callback)

            def given_up(done: Any) -> None:
                error = done.exception()
                if error is None or callback is None:
                    return
                if isinstance(error, KilledWorker):
                    callback([(tag, _Lost(error=_killed(error)))])
                else:
                    callback(error)

            future.add_done_callback(given_up)
            return future

    return Backend(client=client)


_NO_WORKER_LEFT = (
    "no worker is left at the scheduler; what was finished is kept: start workers and give the same command"
)


def _killed(error: Any) -> str:
    return (
        f"every worker that it was given to died ({error.allowed_failures + 1}), the last at "
        f"{error.last_worker.address}; out of memory is the usual cause: give workers more, or fewer threads"
    )


def _explain(error: Exception, client: Any) -> str:
    if client.status != "running":
        return (
            f"the scheduler was lost ({error or type(error).__name__}); what was finished is kept: start it "
            "again and give the same command"
        )
    if isinstance(error, ModuleNotFoundError) or "deserializ" in str(error):
        return (
            f"a worker or the scheduler cannot take calls of this project ({error}); install the project on "
            "every machine of the cluster, or put its folder on PYTHONPATH there, and start them again"
        )
    return f"the cluster gave up ({type(error).__name__}: {error}); look at the logs of its workers"


@contextlib.contextmanager
def connected(address: str) -> Iterator[Cluster]:
    """A cluster, for as long as the block lasts.

    Parameters
    ----------
    address : str
        Of the scheduler, such as ``tcp://node1:8786``.

    Raises
    ------
    ConfigError
        Dask is not installed.
    ClusterError
        The scheduler does not answer, or has no worker.
    """
    try:
        from distributed import Client
        from distributed.comm import get_address_host_port
    except ImportError as error:
        raise ConfigError(
            f"--backend dask needs the library {error.name or 'distributed'}, which is not installed; "
            f"install it: {INSTALL}"
        ) from None
    try:
        get_address_host_port(address, strict=True)
        client = Client(address, timeout=CONNECT, set_as_default=False)
    except Exception as error:  # of a wrong address or a silent machine, any kind
        raise ClusterError(
            f"--scheduler {address}: no Dask scheduler answers there within {CONNECT:.0f} s "
            f"({error or type(error).__name__}); start one with `dask scheduler` and give the address that "
            "it prints, such as tcp://node1:8786"
        ) from None
    cluster = Cluster(client)
    try:
        try:
            client.wait_for_workers(1, timeout=WORKERS)
        except TimeoutError:
            raise ClusterError(
                f"--scheduler {address}: has no worker after {WORKERS:.0f} s; start some: "
                f"dask worker {address} --nthreads 1"
            ) from None
        yield cluster
    finally:
        cluster.close()
