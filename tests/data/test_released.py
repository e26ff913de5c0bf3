"""Released responses: three formats, one result; anything wrong is an error that names it."""

from pathlib import Path

import numpy as np
import pytest
import scipy.io
import scipy.sparse
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from benchmark.data.dataset import DatasetError
from benchmark.data.released import Responses, read_responses

NAMES = ("a.jpg", "b.jpg", "c.jpg")
CONCEPTS = ("happy_dog", "sad_dog")
VALUES = np.array([[0.25, -1.5], [1e-3, 2.0], [-0.125, 0.5]])


def write_csv(path: Path, values: np.ndarray = VALUES, names: tuple[str, ...] = NAMES) -> Path:
    lines = [",".join(["image", *CONCEPTS])]
    lines += [",".join([name, *map(repr, row.tolist())]) for name, row in zip(names, values, strict=True)]
    path.write_text("\n".join(lines) + "\n")
    return path


def write_npy(path: Path, values: np.ndarray = VALUES, names: tuple[str, ...] = NAMES) -> Path:
    np.save(path, values)
    path.with_name(f"{path.name}.txt").write_text("\n".join(names))
    return path


def write_mat(path: Path, **variables: object) -> Path:
    cells = np.empty((len(NAMES), 1), dtype=object)
    cells[:, 0] = NAMES
    scipy.io.savemat(path, {"responses": VALUES, "names": cells, **variables})
    return path


def test_every_format_gives_the_same_numbers(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("\n".join(CONCEPTS))
    read = [
        read_responses(write_csv(tmp_path / "r.csv")),
        read_responses(write_npy(tmp_path / "r.npy"), concepts=tmp_path / "list.txt"),
        read_responses(write_mat(tmp_path / "r.mat"), concepts=tmp_path / "list.txt"),
    ]
    for found in read:
        assert found.names == NAMES
        assert found.concepts == CONCEPTS
        assert found.values.dtype == np.float32
        np.testing.assert_array_equal(found.values, VALUES.astype(np.float32))


def test_concepts_without_a_list_are_numbered(tmp_path: Path) -> None:
    assert read_responses(write_npy(tmp_path / "r.npy")).concepts == ("response_0001", "response_0002")


def test_variables_of_a_matlab_file_may_be_called_anything_if_there_is_no_choice(tmp_path: Path) -> None:
    path = tmp_path / "r.mat"
    scipy.io.savemat(path, {"biconcepts": VALUES, "files": np.array(NAMES, dtype=object)})
    assert read_responses(path).names == NAMES
    scipy.io.savemat(path, {"one": VALUES, "two": VALUES, "files": np.array(NAMES, dtype=object)})
    with pytest.raises(DatasetError, match=r"2 candidates for the matrix of numbers \(one, two\)"):
        read_responses(path)


def test_images_are_found_by_file_name_in_any_order(tmp_path: Path) -> None:
    found = read_responses(write_csv(tmp_path / "r.csv", names=("x/a.jpg", "y\\b.jpg", "c.jpg")))
    np.testing.assert_array_equal(found.of(["images/c.jpg", "a.jpg"]), VALUES[[2, 0]].astype(np.float32))
    with pytest.raises(DatasetError, match=r"r\.csv: the responses lack 1 of 2 images: d\.jpg"):
        found.of(["a.jpg", "d.jpg"])


def test_folders_tell_images_of_one_file_name_apart(tmp_path: Path) -> None:
    names = ("photos/positive/1.jpg", "photos/negative/1.jpg", "photos/2.jpg")
    found = read_responses(write_csv(tmp_path / "r.csv", names=names))
    wanted = found.of(["negative/1.jpg", "elsewhere/2.jpg", "positive/1.jpg"])
    np.testing.assert_array_equal(wanted, VALUES[[1, 2, 0]].astype(np.float32))
    with pytest.raises(DatasetError, match=r"1\.jpg fits the rows photos/positive/1\.jpg, photos/negative/1"):
        found.of(["1.jpg"])
    bare = read_responses(write_csv(tmp_path / "r.csv", names=("1.jpg", "2.jpg", "3.jpg")))
    with pytest.raises(DatasetError, match=r"the row 1\.jpg fits positive/1\.jpg and negative/1\.jpg; give"):
        bare.of(["positive/1.jpg", "negative/1.jpg"])


def test_concepts_are_read_from_a_list_beside_the_file(tmp_path: Path) -> None:
    path = write_npy(tmp_path / "r.npy")
    released = tmp_path / "1200ANPsv1.1.txt"
    released.write_text("one_of\nmany_more\nthan_columns\n")
    assert read_responses(path).concepts == ("response_0001", "response_0002")
    released.write_text("kind_dog\ngrim_dog\n")
    assert read_responses(path).concepts == ("kind_dog", "grim_dog")
    (tmp_path / "r.npy.concepts.txt").write_text("natural light\nman-made\n")
    assert read_responses(path).concepts == ("natural light", "man-made")
    assert read_responses(write_csv(tmp_path / "r.csv")).concepts == CONCEPTS


@pytest.mark.parametrize(("least", "most", "expected"), [(0, 1, True), (-1e-3, 1, False), (0, 1.01, False)])
def test_numbers_from_0_to_1_alone_are_probabilities(
    tmp_path: Path, least: float, most: float, expected: bool
) -> None:
    values = np.array([[0.5, least], [0.5, 0.5], [most, 0.5]])
    assert read_responses(write_csv(tmp_path / "r.csv", values)).probabilities is expected


def test_a_sparse_matrix_of_matlab_is_read(tmp_path: Path) -> None:
    found = read_responses(write_mat(tmp_path / "r.mat", responses=scipy.sparse.csc_matrix(VALUES)))
    np.testing.assert_array_equal(found.values, VALUES.astype(np.float32))


@pytest.mark.parametrize("wrong", [np.nan, np.inf, 1e300])
def test_numbers_that_are_not_finite_are_named(tmp_path: Path, wrong: float) -> None:
    values = VALUES.copy()
    values[1, 0] = wrong
    for path in (write_csv(tmp_path / "r.csv", values), write_npy(tmp_path / "r.npy", values)):
        with pytest.raises(DatasetError, match=r"1 responses are not finite, the first .* of b\.jpg"):
            read_responses(path)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("image,x,y\na.jpg,1,2\nb.jpg,1\n", "line 3: 1 numbers under 2 concepts"),
        ("image,x,y\na.jpg,1,two\n", "line 2: could not convert string to float"),
        ("image,x,y\na.jpg,1,2\na.jpg,1,2\n", r"one image or more comes twice: a\.jpg"),
        ("image,x,y\nu/a.jpg,1,2\n./u\\a.jpg,1,2\n", r"one image or more comes twice: u/a\.jpg"),
        ("image,x,x\na.jpg,1,2\n", "one concept or more comes twice: x"),
        ("image,x,y\n,1,2\n", "one image or more has no name"),
        ("image,x,y\n", "shape"),
        ("", "line 1"),
        ("a.jpg,1,2\n", "line 1"),
    ],
)
def test_a_wrong_table_is_named(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "r.csv"
    path.write_text(text)
    with pytest.raises(DatasetError, match=told):
        read_responses(path)


def test_sizes_must_fit(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("happy_dog\n")
    with pytest.raises(DatasetError, match="2 numbers an image but 1 concepts"):
        read_responses(write_csv(tmp_path / "r.csv"), concepts=tmp_path / "list.txt")
    with pytest.raises(DatasetError, match="3 rows but 2 image names"):
        read_responses(write_npy(tmp_path / "r.npy", names=NAMES[:2]))
    with pytest.raises(DatasetError, match=r"shape \(3,\)"):
        read_responses(write_npy(tmp_path / "r.npy", VALUES[:, 0]))


def test_pickled_arrays_and_other_formats_are_refused(tmp_path: Path) -> None:
    path = write_npy(tmp_path / "r.npy")
    np.save(path, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(DatasetError, match="no array of numbers"):
        read_responses(path)
    with pytest.raises(DatasetError, match=r"not '\.pkl' files"):
        read_responses(tmp_path / "r.pkl")
    with pytest.raises(DatasetError, match="no such file"):
        read_responses(tmp_path / "missing.csv")


@pytest.mark.parametrize("kind", [".npy", ".mat", ".csv"])
def test_a_cut_off_file_is_an_error_of_its_name(tmp_path: Path, kind: str) -> None:
    path = {".npy": write_npy, ".mat": write_mat, ".csv": write_csv}[kind](tmp_path / f"r{kind}")
    path.write_bytes(path.read_bytes()[: 0 if kind == ".csv" else 60])
    with pytest.raises(DatasetError, match=r"r\.\w+"):
        read_responses(path)


@given(arrays(np.float32, (3, 2), elements=st.floats(-1e6, 1e6, width=32)))
@settings(max_examples=30, deadline=None)
def test_numbers_come_back_as_they_were(tmp_path_factory: pytest.TempPathFactory, values: np.ndarray) -> None:
    folder = tmp_path_factory.mktemp("responses")
    found: Responses = read_responses(write_csv(folder / "r.csv", values.astype(np.float64)))
    np.testing.assert_array_equal(found.values, values)
