"""``report``: write tables, figures and the page again from stored rows; no method is run."""

from typing import Annotated

import typer

from benchmark.cli import options as o


def report(
    out: o.Out = o.DEFAULT_OUT,
    data_dir: o.DataDir = None,
    cache: o.Cache = None,
    no_images: Annotated[bool, typer.Option("--no-images", help="Leave every photograph out.")] = False,
) -> None:
    """Write the tables, figures and report.html of a run folder again from its rows.

    On the paper's images it says besides how the published figures and the
    paper's claims fare.

    Example:

      python -m benchmark report --out results/latest
    """
    from rich.console import Console

    from benchmark.cli.opening import Places, open_data, open_network_sources
    from benchmark.cli.pictures import picture_source
    from benchmark.protocol.robustness_row import FOLDER
    from benchmark.report.analysis import analysis_of
    from benchmark.report.robustness import TABLE, read_robustness
    from benchmark.report.robustness_files import write_robustness
    from benchmark.report.terminal import print_paper, print_tables
    from benchmark.report.write import write_report
    from benchmark.run.config import load_config
    from benchmark.run.folder import RunFolder

    console = Console()
    folder = RunFolder(out)
    rows = folder.rows()
    analysis = analysis_of(rows)
    pictures = None
    if not no_images:
        manifest, places = out / "manifest.json", Places(data_dir, cache)
        config = load_config(manifest).model_dump() if manifest.is_file() else {}
        dataset = open_data(config.get("data", "auto"), places, console)
        sources = open_network_sources(rows, out, config, places, console)
        pictures = picture_source(dataset, sources)
    with folder.locked():
        study, paths = out / FOLDER, []
        if (study / "rows").is_dir() and not (study / TABLE).is_file():  # else as the study wrote it
            paths = write_robustness(read_robustness(study / "rows"), study)
        paths += write_report(analysis, out, pictures)
    print_tables(analysis, console)
    print_paper(analysis, console)
    console.print(f"{len(paths)} files written in {out}; to read: {out / 'report.html'}", highlight=False)
