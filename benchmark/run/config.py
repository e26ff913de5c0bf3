"""`RunConfig`: everything a run was asked to do, from the command line or a file."""

import difflib
import json
import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

Resume = Literal["only-missing", "failed", "never"]


MOST_AT_ONCE = 1024
"""Cells or threads at a time: more than that is a slip of the hand."""

NAMED = 5
"""Wrong settings that an error names before it counts the rest."""


class ConfigError(ValueError):
    """A setting is wrong; the message says which, its value and what is allowed."""


class RunConfig(BaseModel):
    """Settings of a run. Empty lists mean all.

    Attributes
    ----------
    data : str
        ``auto``, ``twitter``, ``synthetic`` or a folder or CSV of one's own.
    methods, subsets : tuple of str
        Names.
    imports : tuple of str
        Modules of one's own that register methods.
    folds : tuple of int
        Fold numbers, from 1.
    seeds : tuple of int
        Each seed is one repetition of the cross-validation.
    protocol : str
        ``grouped`` or ``campos``.
    train_on : str
        ``subset`` or ``all``.
    resume : str
        ``only-missing``: compute what is not stored as it would be now; ``failed``: only what failed before;
        ``never``: everything again.
    jobs : int
        Cells at a time; 0 means as many as there are processors. A cluster's workers have their own number.
    backend : str
        ``local``, or ``dask``: the workers of ``scheduler``.
    scheduler : str
        Address of a Dask scheduler, such as ``tcp://node1:8786``.
    threads : int
        Threads of the numeric libraries in a cell. Scores may change with it, so rows keep it.
    training_threads : int
        Threads of the numeric libraries where a network is learned; 0: as many as there are processors.
    device : str
        ``auto``, ``cpu`` or ``cuda``: the value of every method parameter called ``device``.
    sources : dict of str to str
        Where artefacts are learned: kind of source to folders joined by ``+``, such as
        ``{"anps": "coco+mvsa+vso"}``.
    responses : dict of str to str
        Artefacts that are not learned but given as a file of released responses (CSV, MAT or NPY), such as
        ``{"anp-bank": "sentibank1200.csv"}``.
    params : dict of str to dict
        Parameters of methods, such as ``{"BoW": {"bagofwords__words": 500}}``, and settings of artefacts.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    data: str = "auto"
    methods: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()
    subsets: tuple[str, ...] = ()
    folds: tuple[int, ...] = ()
    seeds: tuple[int, ...] = (0,)
    protocol: Literal["grouped", "campos"] = "grouped"
    train_on: Literal["subset", "all"] = "subset"
    resume: Resume = "only-missing"
    jobs: int = Field(default=0, ge=0, le=MOST_AT_ONCE)
    backend: Literal["local", "dask"] = "local"
    scheduler: str = ""
    threads: int = Field(default=1, ge=1, le=MOST_AT_ONCE)
    training_threads: int = Field(default=0, ge=0, le=MOST_AT_ONCE)
    device: Literal["auto", "cpu", "cuda"] = "auto"
    sources: dict[str, str] = {}
    responses: dict[str, str] = {}
    params: dict[str, dict[str, Any]] = {}

    @property
    def workers(self) -> int:
        """Number of cells computed at a time."""
        import joblib

        return self.jobs or joblib.cpu_count()

    @property
    def learning_threads(self) -> int:
        """Threads with which a network is learned: the same whatever the number of workers."""
        import joblib

        return self.training_threads or joblib.cpu_count()


def load_config(path: Path | None, **given: Any) -> RunConfig:
    """Settings of a file (TOML or JSON; a run's ``manifest.json`` is one), changed by those given.

    Parameters
    ----------
    path : Path, optional
        The file.
    **given
        Settings that are not None override the file.

    Raises
    ------
    ConfigError
        The file cannot be read, or a setting is unknown or has a wrong value.
    """
    where = "command line" if path is None else str(path)
    settings = {} if path is None else _read(path)
    if given.get("backend") == "local":
        settings.pop("scheduler", None)  # of a run on a cluster that is done again here
    settings |= {key: value for key, value in given.items() if value is not None}
    try:
        config = RunConfig.model_validate(settings)
    except ValidationError as error:
        told = [_explain(item, where) for item in error.errors()[:NAMED]]
        more = [f"and {error.error_count() - NAMED} more"] if error.error_count() > NAMED else []
        raise ConfigError("; ".join([*told, *more])) from None
    problem = _backend_problem(config)
    if problem:
        raise ConfigError(f"{where}: {problem}")
    return config


def _backend_problem(config: RunConfig) -> str:
    """A cluster without its address, or an address without a cluster; empty where the two fit."""
    if config.backend == "dask" and not config.scheduler:
        return (
            "--backend dask needs the address of a scheduler: start one with `dask scheduler` and give what "
            "it prints, such as --scheduler tcp://node1:8786"
        )
    if config.backend != "dask" and config.scheduler:
        return (
            f"--scheduler {config.scheduler} is not used by --backend {config.backend}; give --backend dask, "
            "or leave it out"
        )
    return ""


def _read(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        content = _json(text) if path.suffix == ".json" else tomllib.loads(text)
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file; give a TOML or JSON file of run settings") from None
    except (ValueError, OSError, RecursionError) as error:
        raise ConfigError(
            f"{path}: cannot be read ({str(error)[:200]}); write it as TOML, or as JSON if it ends in .json"
        ) from None
    settings = content.get("config", content) if isinstance(content, dict) else content
    if not isinstance(settings, dict):
        raise ConfigError(
            f"{path}: holds a {type(settings).__name__}, not settings by name; "
            f"known: {', '.join(RunConfig.model_fields)}"
        )
    return settings


def _json(text: str) -> Any:
    """JSON in which nothing is said twice."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, value in pairs:
            if name in found:
                raise ValueError(f"{name[:60]!r} comes twice")
            found[name] = value
        return found

    return json.loads(text, object_pairs_hook=once)


def _explain(item: Any, where: str) -> str:
    name = ".".join(map(str, item["loc"]))[:100] or "settings"
    if item["type"] == "extra_forbidden":
        near = difflib.get_close_matches(name, RunConfig.model_fields, n=1)
        hint = f"did you mean {near[0]!r}? " if near else ""
        return f"{where}: unknown setting {name!r}; {hint}known: {', '.join(RunConfig.model_fields)}"
    return f"{where}: {name} is {repr(item['input'])[:100]}: {item['msg']}"
