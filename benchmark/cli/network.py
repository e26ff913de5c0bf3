"""``network``: learn a network from a source."""

import typer

from benchmark.cli import network_train

app = typer.Typer(help="Networks: learn one from a source.", no_args_is_help=True)
app.command("train")(network_train.train)


@app.callback()
def network() -> None:
    """Networks: learn one from a source."""
