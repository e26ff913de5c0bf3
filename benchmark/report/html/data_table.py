"""Tables that the page's script lets sort, filter and open; without the script they are plain tables."""

import dataclasses
from collections.abc import Sequence

from benchmark.report.html.element import Html, el, join

TALL = 36
"""Rows above which a table scrolls in its own box."""


@dataclasses.dataclass(frozen=True)
class Column:
    """A column.

    Attributes
    ----------
    title : str
        Its head.
    number : bool
        Whether it sorts by number, the largest first.
    menu : bool
        Whether rows can be chosen by its values.
    chosen : str
        The value that is chosen at first; all where empty.
    long : bool
        Whether it holds sentences.
    """

    title: str
    number: bool = False
    menu: bool = False
    chosen: str = ""
    long: bool = False


@dataclasses.dataclass(frozen=True)
class Cell:
    """A cell.

    Attributes
    ----------
    shown : str
        Text or markup.
    value : float, str or None
        What it sorts by; text without one sorts by what is shown, a number without one comes last.
    group, metric : str
        Of a figure: where it comes from (`benchmark.report.html.section.group_key`) and its metric.
    style : str
        Class names.
    """

    shown: str
    value: float | str | None = None
    group: str = ""
    metric: str = ""
    style: str = ""


def data_table(
    name: str, caption: str, columns: Sequence[Column], rows: Sequence[Sequence[Cell | str]]
) -> Html:
    """A table with a caption; the first cell of a row is its head.

    Parameters
    ----------
    name : str
        Of it in the page; its id is ``table-<name>``.
    """
    head = [
        el(
            "th",
            column.title,
            scope="col",
            data_number=column.number,
            data_menu=column.menu,
            data_chosen=column.chosen or None,
            class_=_style(column) or None,
        )
        for column in columns
    ]
    body = [el("tr", *(_cell(cell, columns[i], i == 0) for i, cell in enumerate(row))) for row in rows]
    table = el(
        "table",
        el("caption", el("span", caption)),
        el("thead", el("tr", *head)),
        el("tbody", join(body)),
        id=f"table-{name}",
        class_="data",
    )
    # a region that scrolls sideways must be reachable by keyboard, and named
    return el(
        "div",
        table,
        class_="wide tall" if len(rows) > TALL else "wide",
        tabindex=0,
        role="region",
        aria_label=caption,
    )


def _cell(cell: Cell | str, column: Column, first: bool) -> Html:
    cell = cell if isinstance(cell, Cell) else Cell(cell)
    style = " ".join(filter(None, (_style(column), cell.style)))
    return el(
        "th" if first else "td",
        cell.shown,
        scope="row" if first else None,
        class_=style or None,
        data_value=f"{cell.value:.6g}" if isinstance(cell.value, float) else cell.value,
        data_of=cell.group or None,
        data_metric=cell.metric or None,
    )


def _style(column: Column) -> str:
    return "number" if column.number else "long" if column.long else "short" if column.menu else ""
