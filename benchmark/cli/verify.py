"""``verify``: rebuild every table from the rows and name what differs."""

import typer

from benchmark.cli import options as o


def verify(out: o.Out = o.DEFAULT_OUT) -> None:
    """Check that the tables of a run folder say what its rows say.

    Example:

      python -m benchmark verify --out results/reference
    """
    from rich.console import Console

    from benchmark.report.html.page import NAME
    from benchmark.report.verify import verify as find_drift

    console = Console()
    problems = find_drift(out)
    for problem in problems:
        console.print(problem, highlight=False, markup=False, style="red", soft_wrap=True)
    if problems:
        raise typer.Exit(1)
    page = ", and so does report.html" if (out / NAME).is_file() else "; report.html is not there"
    console.print(f"{out}: every table agrees with the rows{page}", highlight=False)
