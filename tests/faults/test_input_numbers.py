"""Files of numbers: responses, annotations, weights, checkpoints, banks and stored features, damaged."""

import io
import json
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.torch
import scipy.io
import scipy.sparse
import torch
from bad_input import Tally, damaged_bytes, damaged_json, damaged_text, is_full, tried
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from torch import nn

from benchmark.data.dataset import DatasetError
from benchmark.data.extractor import Pixels
from benchmark.data.known_file import KnownFileError
from benchmark.data.matlab import read_matlab, texts
from benchmark.data.released import read_responses
from benchmark.data.released_answers import ReleasedColumns, read_columns
from benchmark.data.responses import Responses
from benchmark.data.store import FeatureStore, StoreError
from benchmark.data.sun_annotations import FILES, SunAnnotations, read_annotations
from benchmark.data.target_responses import VALUES as RESPONSES
from benchmark.data.target_responses import read_values
from deep.architecture import Architecture
from deep.checkpoint import CheckpointError, Progress, load_checkpoint, save_checkpoint
from deep.network import Network, build_network
from deep.state_dict import load_strictly, read_state_dict
from deep.tensorfile import TensorFileError, write_tensors
from deep.weights import CARD, WEIGHTS, ModelCard, load_card, load_weights, save_weights

NAMES = ("a.jpg", "b.jpg", "ü c.jpg", "d.jpg")
CONCEPTS = ("happy_dog", "sad_dog", "wet_dog")
VALUES = np.array([[0.25, -1.5, 3], [1e-3, 2.0, 4], [-0.125, 0.5, 5], [1, 2, 3]])


def times(request: pytest.FixtureRequest, quick: int = 30, whole: int = 400) -> range:
    return range(whole if is_full(request) else quick)


def cells(values: tuple[str, ...]) -> np.ndarray:
    column = np.empty((len(values), 1), dtype=object)
    column[:, 0] = values
    return column


def mat(compressed: bool = False, **variables: object) -> bytes:
    file = io.BytesIO()
    scipy.io.savemat(file, variables, do_compression=compressed)
    return file.getvalue()


def npy(array: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def sound_responses(found: Responses) -> None:
    n, width = found.values.shape
    assert (n, width) == (len(found.names), len(found.concepts))
    assert len(set(found.names)) == n
    assert len(set(found.concepts)) == width
    assert np.isfinite(found.values).all()


def test_responses_as_tables(tmp_path: Path, tally: Tally, request: pytest.FixtureRequest) -> None:
    lines = [",".join(["image", *CONCEPTS])]
    lines += [",".join([name, *map(repr, row.tolist())]) for name, row in zip(NAMES, VALUES, strict=True)]
    text = "\n".join(lines) + "\n"
    for case in times(request):
        data = damaged_text(text, case, ",")
        tried(tally, "responses csv", tmp_path / "r.csv", data, read_responses, sound_responses)


def test_responses_as_arrays(tmp_path: Path, tally: Tally, request: pytest.FixtureRequest) -> None:
    (tmp_path / "r.npy.txt").write_text("\n".join(NAMES))
    for case in times(request):
        data = damaged_bytes(npy(VALUES), case)
        tried(tally, "responses npy", tmp_path / "r.npy", data, read_responses, sound_responses)


@pytest.mark.parametrize("compressed", [False, True])
def test_responses_as_matlab_files(
    tmp_path: Path, tally: Tally, request: pytest.FixtureRequest, compressed: bool
) -> None:
    data = mat(compressed, responses=VALUES, names=cells(NAMES), concepts=cells(CONCEPTS))
    for case in times(request):
        tried(
            tally,
            "responses mat",
            tmp_path / "r.mat",
            damaged_bytes(data, case),
            read_responses,
            sound_responses,
        )


def test_arrays_of_any_shape_and_kind(tmp_path: Path, tally: Tally, request: pytest.FixtureRequest) -> None:
    (tmp_path / "r.npy.txt").write_text("\n".join(NAMES))
    kinds = st.sampled_from(["f2", "f4", ">f8", "i1", "u8", "?", "c8", "U3", "S2", "m8[s]", "M8[D]"])

    @settings(
        max_examples=len(times(request, 40)),
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(kinds.flatmap(lambda k: arrays.arrays(k, arrays.array_shapes(min_dims=0, max_dims=4, min_side=0))))
    def one(array: np.ndarray) -> None:
        tried(tally, "responses npy", tmp_path / "r.npy", npy(array), read_responses, sound_responses)
        if array.dtype.kind in "fiu" and array.dtype.names is None:
            data = mat(responses=array, names=cells(NAMES))
            tried(tally, "responses mat", tmp_path / "r.mat", data, read_responses, sound_responses)

    one()


def header(shape: tuple[int, ...], kind: str = "<f8") -> bytes:
    """A NumPy file that claims a shape and holds three numbers."""
    text = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}".encode().ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + b"\0" * 24


def zipped() -> bytes:
    file = io.BytesIO()
    np.savez(file, VALUES)
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (header((2**40, 4)), "no array of numbers"),
        (header((10**30, 4)), "no array of numbers"),
        (header((-1, 4)), "no array of numbers"),
        (header((4, 3), "<m8[s]"), "no array of numbers"),
        (header((0, 4)), "shape"),
        (zipped(), "several arrays"),
        (npy(np.ones((4, 3), "m8[s]")), "timedelta64"),
        (npy(np.ones((4, 3), "c8")), "complex"),
    ],
    ids=["8 TB", "overflow", "negative", "cut", "empty", "npz", "durations", "complex"],
)
def test_arrays_that_claim_what_they_are_not(tmp_path: Path, data: bytes, told: str) -> None:
    (tmp_path / "r.npy.txt").write_text("\n".join(NAMES))
    (tmp_path / "r.npy").write_bytes(data)
    with pytest.raises(DatasetError, match=told) as caught:
        read_responses(tmp_path / "r.npy")
    assert "r.npy" in str(caught.value)


def matrix_claiming(rows: int, columns: int) -> bytes:
    """A MATLAB file of version 5 with a matrix that claims a size and holds one number."""
    dims = struct.pack("<IIii", 5, 8, rows, columns)
    name = struct.pack("<II", 1, 9) + b"responses".ljust(16, b"\0")
    body = struct.pack("<IIII", 6, 8, 6, 0) + dims + name + struct.pack("<IId", 9, 8, 1.0)
    return b"MATLAB 5.0 MAT-file".ljust(124) + b"\x00\x01IM" + struct.pack("<II", 14, len(body)) + body


def inflating(megabytes: int) -> bytes:
    """A MATLAB file whose one compressed variable unpacks to so many megabytes of zeros."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b"\0" * 10**6) for _ in range(megabytes)) + packer.flush()
    return b"MATLAB 5.0 MAT-file".ljust(124) + b"\x00\x01IM" + struct.pack("<II", 15, len(packed)) + packed


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (lambda: matrix_claiming(2**30, 2**30), r"r\.mat: .*an array of 1073741824 x 1073741824 elements"),
        (lambda: inflating(60), "more than 50,000,000 bytes when unpacked"),
        (
            lambda: mat(responses=scipy.sparse.csc_matrix((10**6, 10**6))),
            "an array of 1000000 x 1000000 elements",
        ),
    ],
    ids=["claims", "inflates", "sparse"],
)
def test_matlab_files_larger_than_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: Callable[[], bytes], told: str
) -> None:
    monkeypatch.setattr("benchmark.data.matlab.MOST_BYTES", 50_000_000)
    (tmp_path / "r.mat").write_bytes(data())
    with pytest.raises(DatasetError, match=told):
        read_matlab(tmp_path / "r.mat")


@pytest.mark.parametrize("compressed", [False, True])
def test_matlab_files_are_read_as_scipy_reads_them(tmp_path: Path, compressed: bool) -> None:
    rng = np.random.default_rng(0)
    sparse = scipy.sparse.random(5, 4, 0.4, format="csc", rng=0)
    variables = {
        **{kind: (100 * rng.random((2, 3, 2))).astype(kind) for kind in ("f8", "f4", "i1", "u2", "i4", "u8")},
        "small": np.arange(300).reshape(100, 3),
        "complex": np.array([[1 + 2j, 3.0]]),
        "flag": np.array([[True, False]]),
        "empty": np.empty((0, 3)),
        "text": "für alle 図",
        "rows": np.array(["abc", "de "]),
        "sparse": sparse,
        "structure": {"a": 1},
    }
    path = tmp_path / "r.mat"
    path.write_bytes(mat(compressed, names=cells(NAMES), **variables))
    expected, found = scipy.io.loadmat(path), read_matlab(path)
    assert set(found) == {key for key in expected if not key.startswith("__")} - {"structure"}
    np.testing.assert_array_equal(found.pop("sparse"), expected["sparse"].toarray())
    assert texts(found.pop("names")) == list(NAMES)
    for name, value in found.items():
        np.testing.assert_array_equal(value, expected[name])
        assert value.dtype.kind == expected[name].dtype.kind or value.dtype.kind == "U"


def test_a_matlab_file_whose_numbers_begin_with_the_high_byte(tmp_path: Path) -> None:
    big = b"MATLAB 5.0 MAT-file".ljust(124) + b"\x01\x00MI"
    body = struct.pack(">IIII", 6, 8, 6, 0) + struct.pack(">IIii", 5, 8, 1, 2)
    body += struct.pack(">HH", 1, 1) + b"x\0\0\0" + struct.pack(">IIdd", 9, 16, 1.5, -2.0)
    (tmp_path / "r.mat").write_bytes(big + struct.pack(">II", 14, len(body)) + body)
    assert read_matlab(tmp_path / "r.mat")["x"].tolist() == [[1.5, -2.0]]


def test_annotations(tmp_path: Path, tally: Tally, request: pytest.FixtureRequest) -> None:
    shares = np.array([[0, 3, 1], [2, 0, 0], [3, 3, 0], [0, 1, 2]]) / 3
    files = {
        "attributes.mat": mat(attributes=cells(CONCEPTS)),
        "images.mat": mat(images=cells(tuple(f"a/abbey/sun_{name}" for name in NAMES))),
        "attributeLabels_continuous.mat": mat(labels_cv=shares),
    }

    def sound(found: SunAnnotations) -> None:
        assert found.votes.shape == (len(found.images), len(found.attributes))
        assert ((found.votes >= 0) & (found.votes <= 3)).all()

    for case in times(request):
        for name, data in files.items():
            (tmp_path / name).write_bytes(data)
        name = list(FILES)[case % 3]
        # Where a damaged file of names can be read, a count that does not fit is told of the labels.
        path = tmp_path / name
        data = damaged_bytes(files[name], case)
        tried(tally, "SUN mat", path, data, lambda path: read_annotations(path.parent), sound)


@pytest.mark.parametrize(
    ("labels", "told"),
    [
        (np.full((4, 3), np.nan), r"attributeLabels_continuous\.mat: label nan of a/abbey/sun_a\.jpg"),
        (np.full((4, 3), np.inf), "label inf"),
        (np.ones((4, 3)) * 1j, "complex128, no real numbers"),
        (np.ones((3, 4)), r"attributeLabels_continuous\.mat: labels of shape \(3, 4\)"),
        (np.full((4, 3), 0.5), "label 0.5"),
    ],
)
def test_labels_that_nobody_can_have_given(tmp_path: Path, labels: np.ndarray, told: str) -> None:
    (tmp_path / "attributes.mat").write_bytes(mat(attributes=cells(CONCEPTS)))
    (tmp_path / "images.mat").write_bytes(mat(images=cells(tuple(f"a/abbey/sun_{name}" for name in NAMES))))
    (tmp_path / "attributeLabels_continuous.mat").write_bytes(mat(labels_cv=labels))
    with pytest.raises(DatasetError, match=told):
        read_annotations(tmp_path)


# Networks ------------------------------------------------------------------------------------------------


def small() -> Network:
    return build_network(Architecture.parse("2CONV-4FC", size=64, width=1 / 32))


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trained")
    save_weights(folder, small(), ModelCard("CNN", "test", "none", {}, {}, {}))
    return folder


def test_weights(tmp_path: Path, trained: Path, tally: Tally, request: pytest.FixtureRequest) -> None:
    whole = (trained / WEIGHTS).read_bytes()
    size = 8 + int.from_bytes(whole[:8], "little")

    def sound(found: Network) -> None:
        assert all(torch.isfinite(value).all() for value in found.state_dict().values())

    for case in times(request):
        # Half of the cases damage the description, the others any part.
        data = damaged_bytes(whole[:size], case) + whole[size:] if case % 2 else damaged_bytes(whole, case)
        tried(tally, "safetensors", tmp_path / WEIGHTS, data, lambda path: load_weights(path.parent), sound)


def test_descriptions_of_weights(
    tmp_path: Path, trained: Path, tally: Tally, request: pytest.FixtureRequest
) -> None:
    """The tensors are whole; what is said of the network is not."""
    network = small()
    description = json.loads((trained / CARD).read_text())
    about = {key: description[key] for key in ("architecture", "normalisation")}
    for case in times(request, 12, 200):
        changed = damaged_json(about, case)
        path = tmp_path / WEIGHTS
        write_tensors(path, network.state_dict(), changed)
        data = path.read_bytes()
        tried(tally, "safetensors", path, data, lambda path: load_weights(path.parent))
        card = json.dumps(damaged_json(description, case)).encode()
        tried(tally, "model card", tmp_path / CARD, card, lambda path: load_card(path.parent))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"size": 10**6}, "not the weights of such a network"),
        ({"width": 1e5}, "not the weights of such a network"),
        ({"width": float("nan")}, "not the weights of such a network"),
    ],
)
def test_a_network_is_not_built_before_its_weights_fit(tmp_path: Path, change: dict, told: str) -> None:
    """A description that asks for hundreds of gigabytes was built to compare it with the file."""
    network = small()
    about = {"architecture": {"convolutions": 2, "fully_connected": 4, "size": 64, "width": 1 / 32} | change}
    about["normalisation"] = {"mean": [0, 0, 0], "scale": 1}
    write_tensors(tmp_path / WEIGHTS, network.state_dict(), about)
    with pytest.raises(TensorFileError, match=told):
        load_weights(tmp_path)


@pytest.mark.parametrize("wrong", [float("nan"), float("inf")])
def test_weights_that_are_not_finite_are_refused(tmp_path: Path, wrong: float) -> None:
    network = small()
    with torch.no_grad():
        network.output.weight[0, 3] = wrong
    save_weights(tmp_path, network, ModelCard("CNN", "test", "none", {}, {}, {}))
    with pytest.raises(TensorFileError, match=r"weights\.safetensors: .*output\.weight .*not finite"):
        load_weights(tmp_path)


def test_checkpoints(tmp_path: Path, tally: Tally, request: pytest.FixtureRequest) -> None:
    def fresh() -> tuple[nn.Module, torch.optim.Optimizer]:
        torch.manual_seed(0)
        network = nn.Linear(3, 2)
        optimiser = torch.optim.SGD(network.parameters(), 0.1, momentum=0.9)
        network(torch.ones(1, 3)).sum().backward()
        optimiser.step()
        return network, optimiser

    network, optimiser = fresh()
    path = tmp_path / "checkpoint.safetensors"
    identity = {"settings": "these"}
    kept = {name: value.clone() for name, value in network.state_dict().items()}
    random = {"cpu": torch.get_rng_state()}
    save_checkpoint(path, network, optimiser, kept, random, Progress(step=3), identity)
    whole = path.read_bytes()
    size = 8 + int.from_bytes(whole[:8], "little")

    def read(path: Path) -> Progress:
        return load_checkpoint(path, *fresh(), identity)[0]

    assert read(path).step == 3
    for case in times(request):
        data = damaged_bytes(whole[:size], case) + whole[size:] if case % 2 else damaged_bytes(whole, case)
        tried(tally, "checkpoint", path, data, read)
    tensors = safetensors.torch.load(whole)
    about = {"progress": {"step": 3, "position": 9}, "identity": identity}
    for case in times(request):
        data = safetensors.torch.save(tensors, {"description": json.dumps(damaged_json(about, case))})
        tried(tally, "checkpoint", path, data, read)
    for name in list(tensors):
        for other in (None, torch.zeros(7)):
            some = {key: value for key, value in tensors.items() if key != name}
            some |= {} if other is None else {name: other}
            data = safetensors.torch.save(some, {"description": json.dumps(about)})
            tried(tally, "checkpoint", path, data, read)


@pytest.mark.parametrize("name", ["progress", "tensor"])
def test_a_checkpoint_that_lacks_a_part_is_named(tmp_path: Path, name: str) -> None:
    network = nn.Linear(3, 2)
    optimiser = torch.optim.SGD(network.parameters(), 0.1)
    tensors = {f"network.{key}": value for key, value in network.state_dict().items()}
    about: dict[str, Any] = {"progress": {"step": 1}, "identity": {}}
    if name == "progress":
        about["progress"] = [1]
    else:
        del tensors["network.bias"]
    write_tensors(tmp_path / "checkpoint", tensors, about)
    with pytest.raises(CheckpointError, match=r"checkpoint: not a checkpoint of such a training"):
        load_checkpoint(tmp_path / "checkpoint", network, optimiser, {})


@pytest.mark.parametrize("suffix", [".pth", ".safetensors"])
def test_weights_of_backbones(
    tmp_path: Path, tally: Tally, request: pytest.FixtureRequest, suffix: str
) -> None:
    torch.manual_seed(0)
    network = nn.ModuleDict({"conv": nn.Conv2d(3, 4, 3), "bn": nn.BatchNorm2d(4)})
    path = tmp_path / f"w{suffix}"
    if suffix == ".pth":
        torch.save(network.state_dict(), path)
    else:
        safetensors.torch.save_file(network.state_dict(), path)
    whole = path.read_bytes()

    def read(path: Path) -> nn.Module:
        load_strictly(network, read_state_dict(path), path, "toynet")
        return network

    def sound(found: nn.Module) -> None:
        assert all(torch.isfinite(value.float()).all() for value in found.state_dict().values())

    for case in times(request):
        tried(tally, f"backbone {suffix}", path, damaged_bytes(whole, case), read, sound)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (torch.full((4, 3), torch.nan), r"w\.pth: .* weight .*not finite"),
        (torch.full((4, 3), -torch.inf), "not finite"),
        (torch.ones((4, 3), dtype=torch.int8), r"weight as int8"),
        (torch.ones((4, 3), dtype=torch.complex64), r"weight as complex64"),
    ],
)
def test_weights_of_backbones_that_are_no_weights(tmp_path: Path, value: torch.Tensor, told: str) -> None:
    path = tmp_path / "w.pth"
    network = nn.Linear(3, 4)
    torch.save({**network.state_dict(), "weight": value}, path)
    with pytest.raises(KnownFileError, match=told):
        load_strictly(network, read_state_dict(path), path, "toynet")


# What is stored on this machine ---------------------------------------------------------------------------


def test_stored_columns_and_responses(tmp_path: Path, tally: Tally, request: pytest.FixtureRequest) -> None:
    columns = ReleasedColumns(CONCEPTS, False)
    columns.save(tmp_path)
    path = next(tmp_path.iterdir())
    stored = json.loads(path.read_text())

    def sound(found: ReleasedColumns) -> None:
        assert all(isinstance(name, str) for name in found.concepts)
        assert isinstance(found.probabilities, bool)

    for case in times(request):
        data = json.dumps(damaged_json(stored, case)).encode()
        data = damaged_bytes(data, case) if case % 2 else data
        tried(tally, "stored columns", path, data, lambda path: read_columns(path.parent), sound)
    file = io.BytesIO()
    np.savez(file, values=VALUES)
    for case in times(request):
        data = damaged_bytes(file.getvalue(), case)
        tried(tally, "stored responses", tmp_path / RESPONSES, data, lambda path: read_values(path.parent))


def test_stored_features(tmp_path: Path, tally: Tally, request: pytest.FixtureRequest) -> None:
    """A damaged block is computed again or named; its neighbours' rows are never taken for its own."""
    extractor = Pixels(size=2)
    values = np.arange(3 * 12, dtype=np.uint8).reshape(3, 2, 2, 3)
    FeatureStore(tmp_path).put(extractor, list("abc"), values)
    (index,) = (path for path in tmp_path.rglob("*.json") if path.name != "card.json")
    data, content = index.with_suffix(".npy"), json.loads(index.read_text())
    whole = data.read_bytes()

    def read(path: Path) -> np.ndarray | None:
        store = FeatureStore(tmp_path)
        if store.missing(extractor, "abc"):
            return None
        return np.asarray(store.get(extractor, ["a", "b", "c"]))

    def sound(found: np.ndarray | None) -> None:
        assert found is None or found.shape == values.shape

    for case in times(request):
        changed = json.dumps(damaged_json(content, case)).encode()
        tried(
            tally,
            "feature index",
            index,
            damaged_bytes(changed, case) if case % 3 == 0 else changed,
            read,
            sound,
            index.stem,
        )
    index.write_text(json.dumps(content))
    for case in times(request):
        damaged = bytearray(whole)
        rng = np.random.default_rng(case)
        for at in rng.integers(0, 128, 4):  # its header, of the same length
            damaged[at] = rng.integers(256)
        tried(tally, "feature block", data, bytes(damaged), read, sound)
    data.write_bytes(b"\0" * len(whole))
    with pytest.raises(StoreError, match=r"\.npy: damaged .*; delete"):
        FeatureStore(tmp_path).get(extractor, ["a"])
