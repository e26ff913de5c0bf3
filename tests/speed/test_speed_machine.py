"""The environment of a stage, and the description of the machine."""

import json
import os
import sys
import types

import pytest

from benchmark.speed.catalogue import ORDER, chosen, stage_names
from benchmark.speed.machine import clean_environment, describe_machine, resolve_device
from benchmark.speed.product import product
from benchmark.speed.stage import SpeedError


def test_variables_that_slow_or_limit_are_left_out_and_the_others_stay():
    given = {"OPENBLAS_CORETYPE": "Prescott", "OPENBLAS_L2_SIZE": "1", "OMP_NUM_THREADS": "1", "HOME": "/h"}
    assert clean_environment(given) == {"HOME": "/h"}


def test_the_description_is_json_and_names_processor_libraries_and_kernel():
    found = describe_machine("cpu")
    json.dumps(found)
    assert found["cores"] == len(os.sched_getaffinity(0))
    assert found["processor"]
    assert found["blas"]
    assert {"numpy", "scikit-learn", "joblib"} <= found["libraries"].keys()


def test_a_gpu_that_is_not_there_is_refused_and_auto_does_without(monkeypatch):
    torch = types.ModuleType("torch")
    torch.cuda = types.SimpleNamespace(is_available=lambda: False)  # type: ignore[attr-defined]
    torch.__spec__ = types.SimpleNamespace()  # type: ignore[assignment]
    monkeypatch.setitem(sys.modules, "torch", torch)
    assert resolve_device("auto") == "cpu"
    with pytest.raises(SpeedError, match="finds no CUDA device; use --device cpu"):
        resolve_device("cuda")
    torch.cuda.is_available = lambda: True  # type: ignore[attr-defined]
    assert resolve_device("auto") == resolve_device("cuda") == "cuda"
    assert resolve_device("cpu") == "cpu"


def test_an_unknown_device_is_refused():
    with pytest.raises(SpeedError, match="--device tpu"):
        resolve_device("tpu")


def test_stages_come_in_the_order_of_the_table_however_they_are_asked_for():
    assert chosen(("vocabulary", "histograms")) == ("histograms", "vocabulary")
    assert chosen(()) == stage_names()
    assert [name for name in stage_names() if name in ORDER] == [n for n in ORDER if n in stage_names()]


def test_an_unknown_stage_is_refused_with_the_nearest():
    with pytest.raises(SpeedError, match="no stage 'histogram'; did you mean 'histograms'"):
        chosen(("histogram",))


def test_a_part_that_moved_is_named():
    with pytest.raises(SpeedError, match=r"baselines\.features\.sift\.Sifter, which this stage measures"):
        product("baselines.features.sift", "Sifter")
