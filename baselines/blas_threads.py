"""Threads of our own instead of those of BLAS."""

import contextlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import threadpoolctl

Map = Callable[[Callable[[Any], Any], Iterable[Any]], Iterator[Any]]


@contextlib.contextmanager
def threaded_map(threads: int | None = None) -> Iterator[Map]:
    """An ordered ``map`` whose tasks run on threads of our own, each with a BLAS of one thread.

    A BLAS of one thread repeats itself, so as long as the tasks do not depend on the number of threads, the
    results are the same bytes for any number. It is also the faster way for many products of middle size.

    Parameters
    ----------
    threads : int, optional
        By default as many as BLAS uses.
    """
    if threads is None:
        pools = [
            pool["num_threads"] for pool in threadpoolctl.threadpool_info() if pool["user_api"] == "blas"
        ]
        threads = max(pools, default=1)
    with threadpoolctl.threadpool_limits(1, user_api="blas"), ThreadPoolExecutor(threads) as pool:
        try:
            yield pool.map
        finally:
            pool.shutdown(cancel_futures=True)
