"""A file that runs code when it is unpickled, at every place where a file is read: it never runs."""

import io
import json
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path

import joblib
import numpy as np
import pytest
import scipy.io
import torch
from bad_input import is_own

from baselines.detectors import CARD as BANK_CARD
from baselines.detectors import WEIGHTS as BANK_WEIGHTS
from baselines.detectors import DetectorBank
from benchmark.data.captions import read_captions
from benchmark.data.extractor import Pixels
from benchmark.data.matlab import read_matlab
from benchmark.data.pixels import decode
from benchmark.data.released import read_responses
from benchmark.data.released_answers import COLUMNS, read_columns
from benchmark.data.store import FeatureStore
from benchmark.data.sun_annotations import FILES, read_annotations
from benchmark.data.target_responses import VALUES, read_values
from benchmark.data.vso_lists import read_ontology
from benchmark.protocol.row import read_row
from benchmark.registry import load_registry
from benchmark.run.config import load_config
from benchmark.run.fitted import load as load_fitted
from deep.state_dict import read_state_dict
from deep.tensorfile import read_tensors
from deep.weights import WEIGHTS, load_weights


class Payload:
    """Makes a folder when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple:
        return (Path.mkdir, (self.mark,))


def _pickle(payload: object) -> bytes:
    return pickle.dumps(payload)


def _torch(payload: object) -> bytes:
    file = io.BytesIO()
    torch.save({"weights": payload}, file)
    return file.getvalue()


def _torch_of_old(payload: object) -> bytes:
    file = io.BytesIO()
    torch.save({"weights": payload}, file, _use_new_zipfile_serialization=False)
    return file.getvalue()


def _joblib(payload: object) -> bytes:
    file = io.BytesIO()
    joblib.dump(payload, file)
    return file.getvalue()


def _numpy(payload: object) -> bytes:
    file = io.BytesIO()
    np.save(file, np.array([payload], dtype=object), allow_pickle=True)
    return file.getvalue()


def _numpy_zip(payload: object) -> bytes:
    file = io.BytesIO()
    cell = np.array([payload], dtype=object)
    np.savez(file, allow_pickle=True, values=cell, weights=cell, bias=cell, responses=cell)
    return file.getvalue()


def _matlab(payload: object) -> bytes:
    file, cells = io.BytesIO(), np.empty((1, 1), dtype=object)
    cells[0, 0] = np.frombuffer(pickle.dumps(payload), dtype=np.uint8)
    scipy.io.savemat(file, dict.fromkeys(("responses", "names", *FILES.values()), cells))
    return file.getvalue()


PLANTED = {f.__name__: f for f in (_pickle, _torch, _torch_of_old, _joblib, _numpy, _numpy_zip, _matlab)}


def _bank(path: Path) -> object:
    (path.parent / BANK_CARD).write_text(
        json.dumps({"names": [], "chosen": {}, "quality": {}, "settings": {}})
    )
    return DetectorBank.load(path.parent)


def _feature(path: Path) -> object:
    store, extractor = FeatureStore(path.parent), Pixels(size=2)
    store.put(extractor, ["a"], np.zeros((1, 2, 2, 3), dtype=np.uint8))
    (block,) = path.parent.rglob("*.npy")
    block.write_bytes(path.read_bytes())
    index = block.with_suffix(".json")
    index.write_text(json.dumps(json.loads(index.read_text()) | {"bytes": block.stat().st_size}))
    return FeatureStore(path.parent).get(extractor, ["a"])


def _sun(path: Path) -> object:
    for name in FILES:
        (path.parent / name).write_bytes(path.read_bytes())
    return read_annotations(path.parent)


def _npy(path: Path) -> object:
    path.with_name(f"{path.name}.txt").write_text("a.jpg\n")
    return read_responses(path)


READERS: dict[str, tuple[str, Callable[[Path], object]]] = {
    "image": ("a.jpg", lambda path: decode(path.read_bytes(), 8, path.name)),
    "captions": ("captions.csv", lambda path: read_captions(path.parent)),
    "ontology": ("3244ANPs.txt", read_ontology),
    "responses csv": ("r.csv", read_responses),
    "responses npy": ("r.npy", _npy),
    "responses mat": ("r.mat", read_responses),
    "matlab": ("r.mat", lambda path: [read_matlab(path), read_responses(path)]),
    "SUN": ("x.mat", _sun),
    "stored columns": (COLUMNS, lambda path: read_columns(path.parent)),
    "stored responses": (VALUES, lambda path: read_values(path.parent)),
    "feature": ("planted", _feature),
    "bank": (BANK_WEIGHTS, _bank),
    "network": (WEIGHTS, lambda path: load_weights(path.parent)),
    "tensors": ("checkpoint", read_tensors),
    "backbone pth": ("w.pth", read_state_dict),
    "backbone safetensors": ("w.safetensors", read_state_dict),
    "fitted method": ("model.skops", lambda path: load_fitted(path, load_registry()["GCH"])),
    "row": ("a.json", read_row),
    "config": ("m.json", load_config),
    "config toml": ("m.toml", load_config),
}


@pytest.mark.parametrize("planted", list(PLANTED))
@pytest.mark.parametrize("reader", list(READERS))
def test_nothing_planted_runs(tmp_path: Path, reader: str, planted: str) -> None:
    """It ends in an error, of the project's own where a user brings the file, and the mark is not there."""
    name, read = READERS[reader]
    mark = tmp_path / "mark"
    (tmp_path / "in").mkdir()
    path = tmp_path / "in" / name
    path.write_bytes(PLANTED[planted](Payload(mark)))
    with pytest.raises(Exception) as caught:  # noqa: PT011  (which class is asserted below)
        read(path)
    assert not mark.exists(), "the planted code ran"
    if reader not in ("bank", "fitted method"):  # these are hashed before they are read
        assert is_own(caught.value), repr(caught.value)


def test_the_payload_would_run(tmp_path: Path) -> None:
    pickle.loads(_pickle(Payload(tmp_path / "mark")))
    assert (tmp_path / "mark").is_dir()


@pytest.mark.parametrize(
    "kind", ["os.system", "builtins.eval", "subprocess.Popen", "operator.methodcaller", "pathlib.Path"]
)
def test_a_stored_method_makes_no_foreign_type(tmp_path: Path, kind: str) -> None:
    """A file of skops that asks for a type of others is refused before anything of it is made."""
    module, _, name = kind.rpartition(".")
    path = tmp_path / "model.skops"
    for loader in ("TypeNode", "FunctionNode", "ObjectNode"):
        schema = {
            "__class__": name, "__module__": module, "__loader__": loader, "__id__": 1, "content": {},
            "protocol": 2, "_skops_version": "0.16", "attrs": {}, "args": [],
        }  # fmt: skip
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("schema.json", json.dumps(schema))
        with pytest.raises(Exception) as caught:  # noqa: PT011
            load_fitted(path, load_registry()["GCH"])
        assert "asks for the types" in str(caught.value) or not is_own(caught.value)
