"""The same run on a cluster of real worker processes: equal rows, killed workers, clear errors."""

import dataclasses
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cluster_methods import touch_and_sleep
from pictures import write_photos

from benchmark.data.dataset import Dataset
from benchmark.data.fingerprint import processor
from benchmark.data.open import open_dataset
from benchmark.data.store import FeatureStore
from benchmark.protocol.row import read_rows
from benchmark.report.write import render_tables
from benchmark.run import cluster as cluster_module
from benchmark.run import on_worker
from benchmark.run.cluster import ClusterError, connected
from benchmark.run.config import ConfigError, load_config
from benchmark.run.engine import Call, Needs
from benchmark.run.execute import RunResult, execute
from benchmark.run.folder import RunFolder
from benchmark.run.on_worker import Terms, WorkerError, check_terms
from benchmark.run.plan import Plan

PlanOf = Callable[..., Plan]
IMPORTS = ("toy_methods", "cluster_methods")


class Watcher:
    """Progress that calls a function when the first cell is there."""

    def __init__(self, at_first: Callable[[], None] = lambda: None) -> None:
        self.stage, self.cells, self.at_first = "", 0, at_first

    def start(self, stage: str, total: int, unit: str) -> None:
        self.stage = stage

    def advance(self, count: int, note: str = "") -> None:
        if self.stage == "cells":
            self.cells += 1
            if self.cells == 1:
                self.at_first()


@pytest.fixture(scope="module")
def local_cluster() -> Iterator[Any]:
    """A scheduler with two worker processes of one thread each, on this machine alone."""
    distributed = pytest.importorskip("distributed", reason="the extra [dask] is not installed")
    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        silence_logs=50,
    ) as local:
        yield local


@pytest.fixture
def scheduler(local_cluster: Any) -> str:
    """Address of its scheduler."""
    return local_cluster.scheduler_address


def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    return folder if folder.exists() else write_photos(folder, 40, seed=3)


def opened(tmp_path: Path, url: bool, store: str) -> Dataset:
    folder = photos(tmp_path)
    return open_dataset(f"file://{folder}" if url else str(folder), tmp_path, FeatureStore(tmp_path / store))


def wait_until_there(*paths: Path) -> None:
    """Wait for files that calls write when they begin."""
    end = time.monotonic() + 120
    while not all(path.exists() for path in paths):
        assert time.monotonic() < end, f"not all of {paths} were begun"
        time.sleep(0.05)


def on_cluster(plan: Plan, folder: Path, address: str, progress: Any = None) -> RunResult:
    with connected(address) as cluster:
        return execute(plan, RunFolder(folder), progress or Watcher(), cluster)


def results(folder: Path) -> list[dict[str, Any]]:
    """Rows without the times and the memory they took."""
    rows = read_rows(folder / "rows")
    return [row.model_dump(exclude={"seconds", "peak_memory"}) for row in rows]


def test_a_cluster_gives_the_rows_and_tables_of_one_machine(
    scheduler: str, plan_of: PlanOf, tmp_path: Path
) -> None:
    pytest.importorskip("upath")
    settings = {"methods": ("Majority", "GCH", "Brightness", "ToyBank"), "folds": (1, 2)}
    settings |= {"sources": {"anps": "synthetic:n=60"}}
    here = plan_of(opened(tmp_path, False, "cold"), "here", **settings)
    execute(here, RunFolder(tmp_path / "here"), Watcher())
    # Workers decode the images of 32 x 32 pixels that Brightness reads from their URL.
    there = plan_of(opened(tmp_path, True, "cold too"), "there", **settings)
    result = on_cluster(there, tmp_path / "there", scheduler)
    assert (result.ran, result.failed, result.skipped) == (8, [], [])
    assert results(tmp_path / "there") == results(tmp_path / "here")
    tables = [render_tables(read_rows(tmp_path / name / "rows")) for name in ("there", "here")]
    assert tables[0] == tables[1]
    assert not list(tmp_path.rglob("*.part"))


def test_each_cell_has_a_fresh_process_on_a_worker_too(
    scheduler: str, plan_of: PlanOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    methods = ("GlobalMemory", "NameReader", "Majority")
    on_cluster(plan_of(opened(tmp_path, False, "s"), methods=methods), tmp_path / "run", scheduler)
    scores = {row.cell.method: set() for row in read_rows(tmp_path / "run" / "rows")}
    for row in read_rows(tmp_path / "run" / "rows"):
        scores[row.cell.method].add((row.cell.fold, tuple(row.scores)))
    assert scores["GlobalMemory"] == scores["Majority"] == scores["NameReader"]


def test_a_worker_that_is_not_fit_ends_the_run(scheduler: str, tmp_path: Path) -> None:
    with connected(scheduler) as cluster:
        cluster.prepare(Needs(written=(tmp_path,), read=(tmp_path / "unmounted",)))
        with pytest.raises(WorkerError, match=r"does not see the images in .*unmounted; mount them"):
            list(cluster.outcomes([Call(0, pow, (2, 3))]))


def test_stopping_ends_the_calls_of_this_run_alone(scheduler: str, tmp_path: Path) -> None:
    found: dict[str, str] = {}

    def wait_for(name: str, engine: Any, seconds: float) -> None:
        ((_, outcome),) = engine.outcomes([Call(0, touch_and_sleep, (tmp_path / name, seconds))])
        found[name] = outcome.error

    with connected(scheduler) as mine, connected(scheduler) as other:
        mine.prepare(Needs(written=(tmp_path / "of mine",)))
        other.prepare(Needs(written=(tmp_path / "of other",)))
        calls = [("mine", mine, 300), ("other", other, 10)]
        threads = [threading.Thread(target=wait_for, args=call) for call in calls]
        for thread in threads:
            thread.start()
        wait_until_there(tmp_path / "mine", tmp_path / "other")
        mine.stop()
        for thread in threads:
            thread.join(timeout=60)
    assert "SIGTERM" in found["mine"]
    assert found["other"] == ""


def test_a_worker_killed_in_the_middle_costs_its_cells_in_flight_alone(
    scheduler: str, plan_of: PlanOf, tmp_path: Path
) -> None:
    from distributed import Client

    trace = tmp_path / "trace"
    trace.mkdir()
    params = {"Witness": {"folder": str(trace), "seconds": 0.5}}
    plan = plan_of(
        opened(tmp_path, False, "s"), methods=("Witness",), imports=IMPORTS, params=params, seeds=(0, 1)
    )
    with Client(scheduler, set_as_default=False) as client:
        killed = min(client.run(os.getpid).values())

        def kill() -> None:
            os.kill(killed, signal.SIGKILL)

        result = on_cluster(plan, tmp_path / "run", scheduler, Watcher(kill))
        client.wait_for_workers(2, timeout=60)
        assert killed not in client.run(os.getpid).values()
    assert (result.ran, result.failed) == (10, [])
    assert all(row.status == "ok" for row in read_rows(tmp_path / "run" / "rows"))
    begun: dict[str, list[str]] = {}
    for path in sorted(trace.iterdir(), key=lambda path: path.stat().st_mtime_ns):
        cell, worker, _ = path.name.split("-")
        begun.setdefault(cell, []).append(worker)
    # Both seeds of a fold have the same images. Begun again are cells of the killed worker alone: the one
    # it was at (it has one thread), and at most one that had ended there and was not fetched yet.
    again = {cell: workers for cell, workers in begun.items() if len(workers) > 2}
    assert sum(len(workers) - 2 for workers in again.values()) in (0, 1, 2)
    assert all(str(killed) in workers for workers in again.values())


def test_a_cell_that_kills_its_workers_fails_by_name_and_the_rest_goes_on(
    local_cluster: Any, plan_of: PlanOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The first death counts: Dask then gives up what only waited on that worker, too.
    monkeypatch.setattr(local_cluster.scheduler, "allowed_failures", 0)
    plan = plan_of(
        opened(tmp_path, False, "s"),
        methods=("Deadly", "Majority"),
        imports=IMPORTS,
        params={"Deadly": {"spare": os.getpid()}},
        folds=(1, 2),
    )
    plan = dataclasses.replace(plan, cells=plan.cells[1:])
    result = on_cluster(plan, tmp_path / "run", local_cluster.scheduler_address)
    status = [(row.cell.method, row.status) for row in read_rows(tmp_path / "run" / "rows")]
    assert sorted(status) == [("Deadly", "failed"), ("Majority", "ok"), ("Majority", "ok")]
    assert "every worker that it was given to died" in result.failed[0].reason


def terms(tmp_path: Path, **changed: Any) -> Terms:
    token = tmp_path / "token"
    token.write_text("seen")
    return dataclasses.replace(Terms.of_here(Needs(), {token: "seen"}), **changed)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"versions": (("numpy", "0.1"),)}, r"has library numpy .*, where the run was started it is 0\.1"),
        ({"processor": (("blas", "Z80"),)}, r"has processor blas .* started it is Z80"),
        ({"sources": "other"}, "runs other source than where the run was started"),
        (
            {"tokens": (("/nowhere/token", "seen"),)},
            "does not see /nowhere as it is where",
        ),
        (
            {"needs": Needs(imports=("no_such_module",))},
            "does not find the module no_such_module",
        ),
        ({"needs": Needs(read=(Path("/nowhere"),))}, "does not see the images in /nowhere"),
        (
            {
                "needs": Needs(device="cpu"),
                "processor": (*processor().items(), ("instructions for bfloat16", "zx81_bf16")),
            },
            r"has processor instructions for bfloat16 (?!not at all)\w.* started it is zx81_bf16",
        ),
    ],
)
def test_a_worker_says_in_what_it_differs(tmp_path: Path, changed: dict[str, Any], message: str) -> None:
    check_terms(terms(tmp_path))
    with pytest.raises(WorkerError, match=message):
        check_terms(terms(tmp_path, **changed))


@pytest.mark.parametrize(
    ("wanted", "there", "message"),
    [("auto", True, "has a GPU, where the run was started there is none"), ("cuda", False, "has no GPU")],
)
def test_networks_do_not_run_on_cpu_and_gpu_in_one_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wanted: str, there: bool, message: str
) -> None:
    monkeypatch.setattr(on_worker, "has_gpu", lambda: there)
    with pytest.raises(WorkerError, match=message):
        check_terms(dataclasses.replace(terms(tmp_path), needs=Needs(device=wanted)))
    check_terms(dataclasses.replace(terms(tmp_path), needs=Needs(device="cpu" if there else "auto")))


def test_another_folder_of_the_same_name_is_not_shared(tmp_path: Path) -> None:
    other = terms(tmp_path)
    (tmp_path / "token").write_text("of another machine")
    with pytest.raises(WorkerError, match="does not see"):
        check_terms(other)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"backend": "dask"}, "--backend dask needs the address of a scheduler"),
        ({"scheduler": "tcp://x:1"}, "--scheduler tcp://x:1 is not used by --backend local"),
        ({"backend": "spark"}, "backend is 'spark'"),
    ],
)
def test_backend_and_scheduler_go_together(given: dict[str, str], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        load_config(None, **given)


def test_a_run_of_a_cluster_can_be_done_again_here(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text('{"backend": "dask", "scheduler": "tcp://x:1"}')
    assert load_config(tmp_path / "run.json").scheduler == "tcp://x:1"
    again = load_config(tmp_path / "run.json", backend="local")
    assert (again.backend, again.scheduler) == ("local", "")


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "127.0.0.1", "nonsense://x:1"])
def test_a_scheduler_that_does_not_answer_is_named(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr(cluster_module, "CONNECT", 0.5)
    with pytest.raises(ClusterError, match=f"--scheduler {address}: no Dask scheduler answers there"):
        connected(address).__enter__()


def test_a_scheduler_without_workers_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    distributed = pytest.importorskip("distributed")
    monkeypatch.setattr(cluster_module, "WORKERS", 0.5)
    with (
        distributed.LocalCluster(
            n_workers=0, processes=True, host="127.0.0.1", dashboard_address="127.0.0.1:0", silence_logs=50
        ) as empty,
        pytest.raises(ClusterError, match=r"has no worker after .* start some: dask worker tcp://"),
    ):
        connected(empty.scheduler_address).__enter__()


def test_a_run_whose_workers_are_all_gone_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    distributed = pytest.importorskip("distributed")
    monkeypatch.setattr(cluster_module, "LEFT", 2.0)
    with (
        distributed.LocalCluster(
            n_workers=1, processes=True, host="127.0.0.1", dashboard_address="127.0.0.1:0", silence_logs=50
        ) as local,
        connected(local.scheduler_address) as cluster,
    ):
        cluster.prepare(Needs(written=(tmp_path,)))
        outcomes = cluster.outcomes([Call(0, touch_and_sleep, (tmp_path / "begun", 300))])
        leaving = threading.Thread(target=scale_down_once, args=(local, tmp_path / "begun"))
        leaving.start()
        with pytest.raises(ClusterError, match=r"no worker is left .* start workers"):
            list(outcomes)
        leaving.join()


def scale_down_once(local: Any, begun: Path) -> None:
    """Take every worker away when a call has begun."""
    wait_until_there(begun)
    local.scale(0)


def test_without_the_extra_the_error_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ConfigError, match=r"needs the library distributed.* pip install -e '\.\[dask\]'"):
        connected("tcp://127.0.0.1:9").__enter__()


def test_a_run_on_one_machine_imports_nothing_of_it() -> None:
    code = (
        "import sys, benchmark.cli.main, benchmark.cli.opening, benchmark.run.execute, benchmark.data.open;"
        "print([n for n in ('dask', 'distributed', 'fsspec', 'upath') if n in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
