"""All known methods and studies: those of the tree and those of installed packages."""

import difflib
import functools
import importlib
import importlib.metadata
from collections.abc import Iterator, Mapping

from benchmark.method import ArtefactSpec, MethodSpec, registered, registered_artefacts
from benchmark.method_kinds import MethodKind, registered_kinds
from benchmark.study import StudySpec, registered_studies

BUILTIN = ("baselines", "deep")
"""Packages whose import registers the methods of this project."""

ENTRY_POINTS = "sentiment_benchmark.methods"
"""Entry-point group by which an installed package adds methods."""

ORDER = ("Majority", "GCH", "LCH", "BoW", "GCH+BoW", "LCH+BoW", "SentiBank", "Sentribute", "CNN", "PCNN")
"""Rows of the tables: the reference first, then the paper's order; all others follow by name."""


class UnknownMethodError(ValueError):
    """No method of that name; the message offers the nearest."""


class Registry(Mapping[str, MethodSpec]):
    """Methods by name, the artefacts they use (``artefacts``) and the ``studies``; frozen once made.

    Methods made from a name (``kinds``) are found by it, ``torchvision:resnet50``, and not counted or listed.
    """

    def __init__(
        self,
        methods: tuple[MethodSpec, ...],
        artefacts: tuple[ArtefactSpec, ...] = (),
        studies: tuple[StudySpec, ...] = (),
        kinds: tuple[MethodKind, ...] = (),
    ) -> None:
        self._methods: dict[str, MethodSpec] = {}
        self.artefacts = {artefact.name: artefact for artefact in artefacts}
        self.studies = {study.name: study for study in studies}
        self.kinds = {kind.prefix: kind for kind in kinds}
        for method in sorted(methods, key=lambda m: (_rank(m.name), m.name)):
            first = self._methods.get(method.name)
            if first is not None:
                raise ValueError(
                    f"two methods are named {method.name!r}: in {first.factory.__module__} and "
                    f"{method.factory.__module__}; rename one"
                )
            self._methods[method.name] = method

    def __getitem__(self, name: str) -> MethodSpec:
        if name in self._methods:
            return self._methods[name]
        prefix, colon, rest = name.partition(":")
        if colon and prefix in self.kinds:
            return self.kinds[prefix].method(rest)
        by_fold = {known.casefold(): known for known in self._methods}
        near = difflib.get_close_matches(name.casefold(), by_fold, n=2, cutoff=0.5)
        hint = f"did you mean {' or '.join(repr(by_fold[n]) for n in near)}? " if near else ""
        known = ", ".join([*self._methods, *(f"{prefix}:NAME" for prefix in self.kinds)])
        raise UnknownMethodError(
            f"no method {name!r}; {hint}known: {known} (python -m benchmark list methods)"
        )

    def __iter__(self) -> Iterator[str]:
        return iter(self._methods)

    def __len__(self) -> int:
        return len(self._methods)


def _rank(name: str) -> int:
    return ORDER.index(name) if name in ORDER else len(ORDER)


@functools.lru_cache(maxsize=8)
def load_registry(imports: tuple[str, ...] = ()) -> Registry:
    """Import every package that adds methods, and freeze the result.

    Parameters
    ----------
    imports : tuple of str
        Further modules that register methods (``--import``).

    Raises
    ------
    UnknownMethodError
        A module of ``imports`` cannot be imported.
    """
    for package in BUILTIN:
        importlib.import_module(package)
    for entry in importlib.metadata.entry_points(group=ENTRY_POINTS):
        entry.load()
    for module in imports:
        try:
            importlib.import_module(module)
        except ImportError as error:
            raise UnknownMethodError(
                f"--import {module}: {error}; give the dotted name of a module that Python finds from here"
            ) from error
    return Registry(registered(), registered_artefacts(), registered_studies(), registered_kinds())
