"""What is learned once and kept: stored whole or not at all, with a card and a hash of its files."""

import dataclasses
import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from benchmark.data.files import whole_folder
from benchmark.data.fingerprint import digest


class ArtefactError(ValueError):
    """A stored artefact is not what its card says; the message says which and what to do."""


@dataclasses.dataclass(frozen=True)
class StoredArtefact:
    """A stored artefact.

    Attributes
    ----------
    name : str
        Such as ``model of GCH``.
    path : Path
        Its folder.
    card : dict
        What it is: what it was learned from, how, and its limits.
    digest : str
        Hash of its files.
    """

    name: str
    path: Path
    card: Mapping[str, Any]
    digest: str


class ArtefactStore:
    """Artefacts by name and key in one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def get_or_make(
        self, name: str, depends: Mapping[str, Any], key: str, make: Callable[[Path], Mapping[str, Any]]
    ) -> StoredArtefact:
        """The artefact of that key, made now if it is not stored.

        Parameters
        ----------
        name : str
            Letters, digits, ``-`` and ``+``.
        depends : mapping
            What it depends on; kept in the card.
        key : str
            Hash of ``depends``.
        make : callable
            Writes files into the folder it is given and returns what the card should say besides.

        Raises
        ------
        ArtefactError
            The stored files are not those that the card was written for.
        """
        path = self.path(name, key)
        if not path.exists():
            with whole_folder(path) as part:
                card = {"name": name, "key": key, "depends": dict(depends), **make(part)}
                card["files"] = _hash_files(part)
                (part / "card.json").write_text(json.dumps(card, indent=1, sort_keys=True) + "\n")
        return self.read_at(path, name)

    def path(self, name: str, key: str) -> Path:
        """Where the artefact of that key lies, or will lie."""
        return self.root / f"{name}-{key[:16]}"

    def unfinished(self, name: str, key: str) -> Path:
        """Where learning the artefact of that key may keep what it needs to go on after an interruption."""
        return self.root / f".{name}-{key[:16]}.unfinished"

    def all_unfinished(self, name: str) -> list[Path]:
        """What interrupted attempts left of artefacts of that name, with whatever settings."""
        return sorted(self.root.glob(f".{name}-????????????????.unfinished"))

    def read(self, name: str, key: str) -> StoredArtefact:
        """A stored artefact.

        Raises
        ------
        ArtefactError
            It is not stored, or its files changed.
        """
        return self.read_at(self.path(name, key), name)

    def discard_damaged(self, name: str, key: str) -> str:
        """Remove the artefact of that key if its files are not whole; returns what was wrong, or nothing."""
        path = self.path(name, key)
        if not path.exists():
            return ""
        try:
            self.read_at(path, name)
        except ArtefactError as error:
            shutil.rmtree(path)
            return str(error)
        return ""

    def read_at(self, path: Path, name: str) -> StoredArtefact:
        """The artefact in a folder.

        Raises
        ------
        ArtefactError
            Its files are not those that its card was written for.
        """
        remedy = f"delete {path} and run again"
        try:
            card = json.loads((path / "card.json").read_bytes())
            files = dict(card["files"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ArtefactError(f"{path / 'card.json'}: cannot be read ({error}); {remedy}") from None
        found = _hash_files(path)
        changed = sorted(name for name in {*files, *found} if files.get(name) != found.get(name))
        if changed:
            raise ArtefactError(f"{path}: {', '.join(changed)} changed since it was made; {remedy}")
        return StoredArtefact(
            name, path, card, digest(*(f"{key} {value}" for key, value in sorted(files.items())))
        )


def _hash_files(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != "card.json")
    return {path.relative_to(folder).as_posix(): digest(path.read_bytes()) for path in sorted(files)}
