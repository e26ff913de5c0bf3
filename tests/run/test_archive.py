"""Export and import of runs: what is in an archive, what is refused, and how rows are joined."""

import json
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmark.protocol.row import Cell, Row, RowError, write_row
from benchmark.run import archive as archives
from benchmark.run.archive import SUMS, ArchiveError, read_archive, write_archive
from benchmark.run.folder import FolderError, RunFolder
from benchmark.run.merge import apply_merge, plan_merge, rows_here, rows_of


def row(method: str = "GCH", fold: int = 1, score: float = 0.75, **more: object) -> Row:
    """A valid row of two images."""
    cell = Cell(stage="cross-validation", method=method, dataset="photos", subset="all", fold=fold, seed=0)
    content = {
        "family": "low-level", "folds": 5, "protocol": "grouped", "train_on": "subset", "status": "ok",
        "key": "0" * 32, "depends": {}, "images": [f"a{fold}", f"b{fold}"], "labels": [1, 0],
        "scores": [score, 0.25], "predictions": [int(score >= 0.5), 0], "n_train": 8, "n_train_positive": 4,
    }  # fmt: skip
    return Row.model_validate({"cell": cell, **content, **more})


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run's folder with rows, a table, a manifest, a bank with weights, and a figure with a photograph."""
    folder = tmp_path / "run"
    for fold in (1, 2):
        write_row(row(fold=fold), folder / "rows")
    files = {
        "tables/table6.csv": b"a,b\n",
        "manifest.json": b"{}\n",
        "log.jsonl": b"{}\n",
        "artefacts/anp-bank-00/card.json": b"{}",
        "artefacts/anp-bank-00/weights.npz": b"weights",
        "artefacts/.anp-bank-01.unfinished/part.json": b"{}",
        "figures/figure5.png": b"a photograph",
        "report.html": b"<img>",
        "rows/.row.json.part": b"half",
    }
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def rewritten(path: Path, change: Callable[[dict[str, bytes]], None], kind: int = stat.S_IFREG) -> Path:
    """The archive with other files in it, sums as they were."""
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    other = path.with_name("other.zip")
    with zipfile.ZipFile(other, "w") as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = (kind | 0o644) << 16
            archive.writestr(info, data)
    return other


def test_an_archive_holds_rows_tables_and_cards_but_no_picture_and_no_weight(
    run: Path, tmp_path: Path
) -> None:
    names = write_archive(run, tmp_path / "run.zip")
    found = dict(read_archive(tmp_path / "run.zip"))
    assert sorted(found) == sorted(names)
    assert set(names) == {
        "artefacts/anp-bank-00/card.json", "log.jsonl", "manifest.json", "tables/table6.csv",
        f"rows/{row().cell.file_name}", f"rows/{row(fold=2).cell.file_name}",
    }  # fmt: skip
    assert all(data == (run / name).read_bytes() for name, data in found.items())


def test_equal_runs_give_equal_bytes(run: Path, tmp_path: Path) -> None:
    write_archive(run, tmp_path / "one.zip")
    for path in run.rglob("*"):
        path.touch()
    write_archive(run, tmp_path / "two.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_a_folder_without_rows_is_not_exported(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match="no rows here"):
        write_archive(tmp_path, tmp_path / "run.zip")
    assert not (tmp_path / "run.zip").exists()


@pytest.mark.parametrize(
    "name", ["../evil.json", "/etc/evil.json", "rows/../../evil.json", "rows\\evil.json", "figures/a.png"]
)
def test_a_file_that_is_not_of_a_run_is_refused(run: Path, tmp_path: Path, name: str) -> None:
    write_archive(run, tmp_path / "run.zip")
    other = rewritten(tmp_path / "run.zip", lambda files: files.update({name: b"{}"}))
    with pytest.raises(ArchiveError, match="is not a file of a run; nothing was taken"):
        list(read_archive(other))


def test_a_link_is_refused(run: Path, tmp_path: Path) -> None:
    write_archive(run, tmp_path / "run.zip")
    with pytest.raises(ArchiveError, match="is not a file of a run"):
        list(read_archive(rewritten(tmp_path / "run.zip", lambda files: None, stat.S_IFLNK)))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda files: files.update({"manifest.json": b"[]"}), f"manifest.json is not what {SUMS} says"),
        (lambda files: files.pop("manifest.json"), "do not agree"),
        (lambda files: files.update({"tables/table9.csv": b""}), "do not agree"),
        (lambda files: files.pop(SUMS), f"has no {SUMS}"),
    ],
)
def test_a_changed_archive_is_refused(
    run: Path, tmp_path: Path, change: Callable[[dict[str, bytes]], None], said: str
) -> None:
    write_archive(run, tmp_path / "run.zip")
    with pytest.raises(ArchiveError, match=said):
        list(read_archive(rewritten(tmp_path / "run.zip", change)))


@pytest.mark.parametrize("cut", [0, 10, 300])
def test_a_cut_off_archive_is_refused(run: Path, tmp_path: Path, cut: int) -> None:
    write_archive(run, tmp_path / "run.zip")
    path = tmp_path / "run.zip"
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(ArchiveError, match=r"run\.zip: cannot be read as an archive of a run"):
        list(read_archive(path))


def test_a_bomb_is_refused(run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (run / "tables" / "table1.csv").write_bytes(b"0" * 5_000)
    write_archive(run, tmp_path / "run.zip")
    monkeypatch.setattr(archives, "MAX_FILE", 4_000)
    with pytest.raises(ArchiveError, match="larger than 4,000 bytes"):
        list(read_archive(tmp_path / "run.zip"))
    monkeypatch.setattr(archives, "MAX_BYTES", 4_000)
    with pytest.raises(ArchiveError, match="at most 200,000 and 4,000 are read"):
        list(read_archive(tmp_path / "run.zip"))


def test_rows_are_new_the_same_or_in_conflict() -> None:
    ours = [row(), row(fold=2), row(fold=3)]
    theirs = [row(seconds={"fit": 9.0}, peak_memory=3.0), row(fold=2, score=0.6), row(fold=4)]
    merge = plan_merge(ours, theirs)
    assert [r.cell.fold for r in merge.same] == [1], "times and machine may differ"
    assert [r.cell.fold for r in merge.new] == [4]
    assert [(a.scores[0], b.scores[0]) for a, b in merge.conflicts] == [(0.75, 0.6)]
    assert [r.cell.fold for r in merge.taken("ours")] == [4]
    assert [r.cell.fold for r in merge.taken("theirs")] == [4, 2]
    with pytest.raises(ArchiveError, match=r"1 rows differ .* \(GCH all fold 2 seed 0\); .* --keep ours"):
        merge.taken("refuse")


def test_rows_are_joined_as_they_were_written_and_the_manifest_stays(run: Path, tmp_path: Path) -> None:
    write_archive(run, tmp_path / "run.zip")
    files = dict(read_archive(tmp_path / "run.zip"))
    other = RunFolder(tmp_path / "other")
    write_row(row("LCH"), other.rows_path)
    other.write_manifest({"mine": 1})
    taken = plan_merge(rows_here(other), rows_of(files, tmp_path / "run.zip")).taken("refuse")
    apply_merge(other, taken, files)
    assert {r.cell.method for r in other.rows()} == {"GCH", "LCH"}
    for path in (run / "rows").glob("cross*.json"):
        assert (other.rows_path / path.name).read_bytes() == path.read_bytes()
    assert other.manifest() == {"mine": 1}
    assert (other.path / "artefacts" / "anp-bank-00" / "card.json").exists()


def test_an_invalid_row_in_a_right_archive_is_named(run: Path, tmp_path: Path) -> None:
    path = run / "rows" / row().cell.file_name
    content = json.loads(path.read_text())
    path.write_text(json.dumps(content | {"labels": [1, 7]}))
    write_archive(run, tmp_path / "run.zip")
    with pytest.raises(RowError, match="labels are 0 or 1"):
        rows_of(dict(read_archive(tmp_path / "run.zip")), tmp_path / "run.zip")
