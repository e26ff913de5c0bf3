"""Folders of drawn pictures, made whole or not at all."""

import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from filelock import FileLock

from benchmark.data.files import secure_folder
from benchmark.data.fingerprint import digest, source_hashes, value_hash, versions

Progress = Callable[[int, int], None]
"""Told after each picture: pictures done, pictures in all."""

STALE = ".part"


def drawing_hash(settings: object) -> str:
    """Hash of settings, drawing source and the libraries it draws with: 16 hexadecimal digits."""
    package = __name__.rpartition(".")[0]
    modules = [f"{package}.target", f"{package}.source"]
    sources = {name: code for name, code in source_hashes(modules).items() if name.startswith(f"{package}.")}
    libraries = {name: versions().get(name) for name in ("numpy", "opencv-contrib-python")}
    return value_hash([settings, sources, libraries])[:16]


def picture_name(seed: int, domain: str, number: int) -> str:
    """A file name that tells neither the picture's number nor its label."""
    return f"{digest(domain, str(seed), str(number))[:12]}.jpg"


def make_folder(
    folder: Path, table: str, images: Callable[[Path], Iterable[str]], draw: Callable[[Path], None]
) -> Path:
    """Have ``folder`` filled unless it is there and whole already.

    Two processes may ask for the same folder at once: one draws, the other waits for it. A folder that lacks
    a picture is drawn again.

    Parameters
    ----------
    table : str
        The file that lists the images; a folder without it is not whole.
    images : callable
        Reads the table's path into the names of the images, relative to the folder.
    draw : callable
        Fills an empty folder.

    Returns
    -------
    Path
        ``folder``.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.parent / f".{folder.name}.lock"):
        if _whole(folder, table, images):
            return folder
        for left in folder.parent.glob(f".{folder.name}.*{STALE}"):
            shutil.rmtree(left)
        place = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}.", suffix=STALE))
        try:
            draw(place)
            place.chmod(0o755)
            secure_folder(place)
            if folder.exists():
                shutil.rmtree(folder)
            place.rename(folder)
        except BaseException:
            shutil.rmtree(place, ignore_errors=True)
            raise
    return folder


def _whole(folder: Path, table: str, images: Callable[[Path], Iterable[str]]) -> bool:
    if not (folder / table).is_file():
        return False
    paths = [folder / name for name in images(folder / table)]
    return all(path.is_file() and path.stat().st_size > 0 for path in paths)
