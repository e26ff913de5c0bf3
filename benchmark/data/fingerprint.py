"""What a result depends on, as hashes: values, source code, libraries and processor."""

import ast
import dataclasses
import functools
import hashlib
import importlib.metadata
import importlib.util
import json
import platform
import sys
from collections.abc import Iterable, Mapping
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from typing import Any

import numpy as np

PROJECT_PACKAGES = ("benchmark", "baselines", "deep")
LIBRARIES = ("numpy", "scipy", "scikit-learn", "opencv-contrib-python", "pillow")
_ALTERNATIVES = {
    "opencv-contrib-python": ("opencv-contrib-python-headless", "opencv-python-headless", "opencv-python")
}


def digest(*parts: bytes | str) -> str:
    """Hash a sequence of byte strings; the boundaries between the parts count.

    Returns
    -------
    str
        32 hexadecimal digits (BLAKE2b, 128 bits).
    """
    state = hashlib.blake2b(digest_size=16)
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        state.update(len(data).to_bytes(8, "little"))
        state.update(data)
    return state.hexdigest()


def plain(value: Any) -> Any:
    """Turn a setting into JSON-serialisable form, the same for equal settings.

    Arrays become their hash, dataclasses and estimators their class and parameters. An object with a
    ``digest`` attribute (an artefact) is its digest: where it lies does not matter.

    Raises
    ------
    TypeError
        A value whose equality cannot be written down, such as a function defined in another function.
    """
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        return {"array": [value.dtype.str, list(value.shape), digest(np.ascontiguousarray(value).tobytes())]}
    if isinstance(getattr(value, "digest", None), str):
        return {"digest": value.digest}
    if isinstance(value, Mapping):
        return {str(key): plain(value[key]) for key in sorted(value, key=str)}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, type) or (callable(value) and hasattr(value, "__qualname__")):
        if "<" in value.__qualname__:
            raise TypeError(f"{value.__qualname__} has no name to record; define it at the top of a module")
        return f"{value.__module__}.{value.__qualname__}"
    name = f"{type(value).__module__}.{type(value).__qualname__}"
    if dataclasses.is_dataclass(value):
        return {name: {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}}
    if hasattr(value, "get_params"):
        return {name: {key: plain(item) for key, item in sorted(value.get_params(deep=False).items())}}
    raise TypeError(
        f"cannot record a value of type {name}: {value!r}; use numbers, strings, arrays or dataclasses"
    )


def value_hash(value: Any) -> str:
    """Hash any setting that `plain` can write down."""
    return digest(json.dumps(plain(value), sort_keys=True, allow_nan=True))


def source_hashes(modules: Iterable[str], packages: tuple[str, ...] = PROJECT_PACKAGES) -> dict[str, str]:
    """Hash the source of modules and of every project module that they import, directly or not.

    Comments and docstrings do not count; any other change of a module does.

    Parameters
    ----------
    modules : iterable of str
        Dotted names. Their own top-level packages count as project packages.
    packages : tuple of str
        Further top-level packages whose modules are followed.

    Returns
    -------
    dict of str to str
        Dotted name to hash, sorted by name.
    """
    waiting = list(modules)
    followed = {*packages, *(name.partition(".")[0] for name in waiting)}
    found: dict[str, str] = {}
    while waiting:
        name = waiting.pop()
        if name in found or name.partition(".")[0] not in followed:
            continue
        path = _source_file(name)
        if path is None:
            continue
        code, imported = _parse(path, name, path.stat().st_mtime_ns, path.stat().st_size)
        found[name] = code
        waiting.extend(imported)
    return dict(sorted(found.items()))


def _find(name: str) -> ModuleSpec | None:
    """Find a module without importing the packages above it, as `importlib.util.find_spec` does."""
    parent = name.rpartition(".")[0]
    if not parent:
        return importlib.util.find_spec(name)
    above = sys.modules.get(parent) or _find(parent)
    inside = getattr(above, "__path__", None) or getattr(above, "submodule_search_locations", None)
    return PathFinder.find_spec(name, inside) if inside else None


def _source_file(name: str) -> Path | None:
    module = sys.modules.get(name)
    origin = getattr(module, "__file__", None)
    if origin is None:
        spec = _find(name)
        origin = spec.origin if spec else None
    path = Path(origin) if origin else None
    return path if path and path.suffix == ".py" and path.exists() else None


@functools.cache
def _parse(path: Path, name: str, mtime_ns: int, size: int) -> tuple[str, tuple[str, ...]]:
    """Hash one file's code and list the modules it may import; mtime and size only key the cache."""
    tree = ast.parse(path.read_bytes(), filename=str(path))
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    imported: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported.extend(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*parents, *([node.module] if node.module else [])])
            imported.append(base)
            imported.extend(f"{base}.{alias.name}" for alias in node.names)
        elif isinstance(
            node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
        ) and ast.get_docstring(node, clean=False):
            node.body = node.body[1:] or [ast.Pass()]
    with_parents = {".".join(item.split(".")[:k]) for item in imported for k in range(1, item.count(".") + 2)}
    return digest(ast.dump(tree)), tuple(sorted(with_parents))


@functools.cache
def versions(*further: str) -> dict[str, str]:
    """Versions of Python and of the libraries whose arithmetic reaches the scores.

    Parameters
    ----------
    *further : str
        Distributions that count besides those of every method, such as ``torch``; left out where they are
        not installed.
    """
    found = {"python": ".".join(map(str, sys.version_info[:2]))}
    for library in (*LIBRARIES, *further):
        for name in (library, *_ALTERNATIVES.get(library, ())):
            try:
                found[library] = importlib.metadata.version(name)
                break
            except importlib.metadata.PackageNotFoundError:
                continue
    return found


@functools.lru_cache(maxsize=1)
def processor() -> dict[str, str]:
    """The kind of processor: machine type and the kernels that the BLAS libraries picked for it.

    Results are promised to repeat byte for byte on one kind of processor only.
    """
    import scipy.linalg  # noqa: F401  (scipy brings a BLAS of its own, which must be loaded to be seen)
    import threadpoolctl

    blas = [info for info in threadpoolctl.threadpool_info() if info.get("user_api") == "blas"]
    # OpenCV brings a BLAS that SIFT and histograms do not use; whether it is loaded yet must not matter.
    ours = [info for info in blas if any(name in info["filepath"] for name in ("numpy", "scipy"))] or blas
    kernels = {f"{info.get('internal_api')} {info.get('architecture', '')}".strip() for info in ours}
    return {"machine": platform.machine(), "blas": ", ".join(sorted(kernels)) or "none found"}
