"""The commands put together, and what every one of them shares: errors in one line, exit codes."""

import signal
import sys
from types import FrameType
from typing import NoReturn

import typer

from benchmark.cli import (
    archive,
    bank,
    check_method,
    compare,
    concepts,
    data,
    explain,
    list_command,
    network,
    power,
    predict,
    report,
    run,
    speed,
    status,
    study,
    verify,
)

EXIT_DONE, EXIT_FAILED, EXIT_USAGE, EXIT_INTERRUPTED = 0, 1, 2, 130

app = typer.Typer(
    name="benchmark",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Compare every classic method of visual sentiment analysis under one protocol.\n\n"
    "[b]python -m benchmark run --all[/b] does everything with the embedded images; exit code 0: done, "
    "1: something failed and is named, 2: the command was wrong.",
)
app.command("run")(run.run)
app.command("status")(status.status)
app.command("list")(list_command.list_)
app.command("report")(report.report)
app.command("verify")(verify.verify)
app.command("compare")(compare.compare)
app.command("export")(archive.export)
app.command("import")(archive.import_)
app.command("power")(power.power)
app.command("predict")(predict.predict)
app.command("explain")(explain.explain)
app.command("speed")(speed.speed)
app.command("concepts")(concepts.concepts)
app.command("check-method")(check_method.check_method)
app.add_typer(data.app, name="data")
app.add_typer(bank.app, name="bank")
app.add_typer(network.app, name="network")
app.add_typer(study.app, name="study")


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run a command and exit: 0 done, 1 something failed (named), 2 the command was wrong."""
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        code = app(args=arguments, standalone_mode=False)
    except (KeyboardInterrupt, typer.Abort):
        code = EXIT_INTERRUPTED
    except Exception as error:
        # A usage error of click, which typer brings under a name of its own.
        if hasattr(error, "show") and hasattr(error, "exit_code"):
            error.show()
            sys.exit(error.exit_code)
        if not _ours(error):
            raise
        _say(str(error))
        sys.exit(EXIT_USAGE if _usage(error) else EXIT_FAILED)
    if code == EXIT_INTERRUPTED:  # typer turns an interruption into this code by itself, and says nothing
        _say("interrupted; what was finished is kept: give the same command again to go on")
    sys.exit(code if isinstance(code, int) else EXIT_DONE)


def _interrupt(signum: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _ours(error: Exception) -> bool:
    """Whether the message was written for the user: the project's own errors, and those of the system."""
    package = type(error).__module__.partition(".")[0]
    return package in ("benchmark", "baselines", "deep") or isinstance(error, OSError)


def _usage(error: Exception) -> bool:
    return type(error).__name__ in {
        "ConfigError",
        "UnknownNetworkError",
        "UnknownArchitectureError",
        "UnknownMethodError",
        "ParameterError",
        "UnknownDatasetError",
        "SpeedError",
    }


def _say(message: str) -> None:
    typer.secho(f"benchmark: {message}", fg="red", err=True)
