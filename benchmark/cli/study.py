"""``study``: experiments beside the tables, one file each."""

import typer

from benchmark.cli import study_progressive, study_robustness

app = typer.Typer(help="Experiments beside the tables.", no_args_is_help=True)
app.command("progressive")(study_progressive.progressive)
app.command("robustness")(study_robustness.robustness)
