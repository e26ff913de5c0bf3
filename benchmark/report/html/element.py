"""HTML built from elements: whatever is not markup already is text, and text is escaped."""

import html
import re
from collections.abc import Iterable

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BLOCKS = ("caption", "details", "div", "footer", "h1", "h2", "h3", "header", "li", "main", "nav", "p", "pre")
_LINE = frozenset((*_BLOCKS, "section", "summary", "svg", "table", "tbody", "td", "th", "thead", "tr", "ul"))
"""Elements that end their line: a page of many lines, so that a difference can be named by its line."""

_VOID = frozenset(("br", "img", "input", "link", "meta"))

Attribute = str | int | float | bool | None


class Html(str):
    """Markup. `el` escapes every other string."""

    __slots__ = ()


def text(content: str) -> Html:
    """Text as markup: characters that mean something to HTML escaped, control characters replaced."""
    return Html(html.escape(_CONTROL.sub("\N{REPLACEMENT CHARACTER}", content), quote=True))


def el(name: str, /, *children: str | None, **attributes: Attribute) -> Html:
    """An element.

    Parameters
    ----------
    name : str
        Of the element.
    *children : str or None
        `Html` as it is, other text escaped; None is left out.
    **attributes : str, int, float, bool or None
        ``class_`` and ``for_`` lose their last stroke, other strokes become hyphens (``data_value``); None
        and False are left out, True has no value.
    """
    written = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _VOID:
        return Html(f"<{name}{written}>")
    inside = join(children)
    return Html(f"<{name}{written}>{inside}</{name}>{chr(10) if name in _LINE else ''}")


def join(parts: Iterable[str | None], between: str = "") -> Html:
    """Markup and text one after the other; text is escaped."""
    whole = [part if isinstance(part, Html) else text(part) for part in parts if part is not None]
    return Html(text(between).join(whole))


def _attribute(key: str, value: Attribute) -> str:
    if value is None or value is False:
        return ""
    name = key.removesuffix("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{text(str(value))}"'
