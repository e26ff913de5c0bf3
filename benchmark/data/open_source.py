"""From what the user wrote after ``--source`` to a source."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

from benchmark.data.dataset import DatasetError
from benchmark.data.source import Source
from benchmark.data.store import FeatureStore

ANPS, ATTRIBUTES = "anps", "attributes"

KINDS = {
    ANPS: "images with adjective-noun pairs: captioned photographs, or the released SentiBank folders",
    ATTRIBUTES: "images with scene attributes: SUN photographs and the SUN Attribute files",
}
"""Kinds of source, and what each is."""

SYNTHETIC = "synthetic"
CAPTIONS_FILE, LISTS_FILE, ATTRIBUTES_FILE = "captions.csv", "3244ANPs.txt", "attributes.mat"


@dataclasses.dataclass(frozen=True)
class _Folders:
    """Folders of a source by what they hold."""

    captions: list[Path]
    lists: list[Path]
    annotations: list[Path]
    images: list[Path]


def open_source(kind: str, spec: str, data_dir: Path, store: FeatureStore) -> Source:
    """Open a source.

    Parameters
    ----------
    kind : str
        ``anps`` or ``attributes``.
    spec : str
        ``synthetic`` (or ``synthetic:n=600``), or folders joined by ``+``; each is looked for in
        ``data_dir``, then as a path. What a folder is shows in what it holds: ``captions.csv`` (captioned
        photographs), ``3244ANPs.txt`` without pictures (the lists of the Visual Sentiment Ontology),
        ``attributes.mat`` (SUN Attribute files); anything else is a folder of pictures.

    Raises
    ------
    DatasetError
        A folder is missing, or they do not make a source of that kind.
    """
    openers: dict[str, Callable[[_Folders, FeatureStore], Source]] = {ANPS: _anps, ATTRIBUTES: _attributes}
    if kind not in openers:
        raise DatasetError(f"no kind of source {kind!r}; known: {', '.join(KINDS)}")
    name, _, size = spec.partition(":")
    if name == SYNTHETIC:
        return _synthetic(kind, size, data_dir, store)
    return openers[kind](_sort(spec, data_dir), store)


def _synthetic(kind: str, size: str, data_dir: Path, store: FeatureStore) -> Source:
    from benchmark.data import synthetic, synthetic_source

    settings = synthetic.Source()
    if size:
        number = size.removeprefix("n=")
        if not number.isdecimal():
            raise DatasetError(f"--source {kind}={SYNTHETIC}:{size}: write for example {SYNTHETIC}:n=600")
        settings = dataclasses.replace(settings, n=int(number))
    load = synthetic_source.load_anps if kind == ANPS else synthetic_source.load_attributes
    return load(data_dir / SYNTHETIC, store, settings)


def _sort(spec: str, data_dir: Path) -> _Folders:
    found = _Folders([], [], [], [])
    for name in filter(None, (part.strip() for part in spec.split("+"))):
        folder = data_dir / name if (data_dir / name).is_dir() else Path(name).expanduser()
        if not folder.is_dir():
            raise DatasetError(f"--source {spec}: no folder {name!r} here or in {data_dir}")
        if (folder / CAPTIONS_FILE).exists():
            found.captions.append(folder)
        elif (folder / ATTRIBUTES_FILE).exists():
            found.annotations.append(folder)
        elif (folder / LISTS_FILE).exists() and not any(path.is_dir() for path in folder.iterdir()):
            found.lists.append(folder)
        else:
            found.images.append(folder)
    return found


def _anps(folders: _Folders, store: FeatureStore) -> Source:
    from benchmark.data import captions, vso

    lists = folders.lists[0] if folders.lists else None
    if folders.captions and not folders.images:
        return captions.load(folders.captions, store, lists)
    if len(folders.images) == 1 and not folders.captions:
        return vso.load(folders.images[0], store, lists)
    raise DatasetError(
        f"a source of pairs is made of folders with {CAPTIONS_FILE}, or of one folder in SentiBank's layout; "
        f"found {len(folders.captions)} of the first and {len(folders.images)} of the second"
    )


def _attributes(folders: _Folders, store: FeatureStore) -> Source:
    from benchmark.data import sun

    if len(folders.annotations) != 1 or len(folders.images) != 1:
        raise DatasetError(
            f"a source of attributes is made of the SUN Attribute files (a folder with {ATTRIBUTES_FILE}), "
            "one folder of SUN photographs, and captioned photographs if wanted; found "
            f"{len(folders.annotations)} and {len(folders.images)} of the first two"
        )
    annotations = folders.annotations[0]
    source = sun.load(folders.images[0], annotations, store, folders.captions)
    return dataclasses.replace(source, measured=sun.human_voted(source, annotations))
