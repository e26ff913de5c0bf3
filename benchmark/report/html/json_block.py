"""Data for the page's script, in a block that no content can leave."""

import json
from collections.abc import Mapping
from typing import Any

from benchmark.report.html.element import Html

_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}


def script_json(value: Any) -> str:
    """JSON in ASCII without ``<``, ``>`` and ``&``: neither ``</script>`` nor U+2028 can occur in it."""
    written = json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    for character, escaped in _ESCAPES.items():
        written = written.replace(character, escaped)
    return written


def json_block(name: str, entries: Mapping[str, Any]) -> Html:
    """A block of data, one entry a line, that the script finds by its name."""
    lines = ",\n".join(f"{script_json(key)}:{script_json(value)}" for key, value in entries.items())
    return Html(f'<script type="application/json" id="{name}">{{\n{lines}\n}}</script>\n')
