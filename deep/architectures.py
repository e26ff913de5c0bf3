"""The networks of Table 1, described without learning one (`benchmark.architectures` asks)."""

from typing import Any

from deep.architecture import TABLE_1, Architecture

NAMES = TABLE_1


def describe(name: str, size: int | None = None) -> dict[str, Any]:
    """What a network consists of, as in ``network.json``; any iCONV-jFC, on inputs of any side from 64 on.

    Raises
    ------
    ValueError
        Not such a name, or inputs too small.
    """
    from deep.description import describe as describe_layers

    architecture = Architecture.parse(name) if size is None else Architecture.parse(name, size=size)
    return describe_layers(architecture).as_dict()
