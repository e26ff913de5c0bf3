"""``check-method``: the contract suite on one method."""

from typing import Annotated

import typer

from benchmark.cli import options as o


def check_method(
    name: Annotated[str, typer.Argument(help="A registered method, or one of --import.")],
    imports: o.Imports = None,
) -> None:
    """Run the contract suite on a method, on generated images, in a temporary folder.

    Examples:

      python -m benchmark check-method GCH

      python -m benchmark check-method Brightness --import my_methods
    """
    import tempfile
    from pathlib import Path

    from rich.console import Console

    from benchmark.contract.checks import Subject, checks_of
    from benchmark.method import NotAvailable
    from benchmark.registry import load_registry

    console = Console()
    modules = o.names(imports) or ()
    spec = load_registry(modules)[name]
    checks, broken = checks_of(spec), 0
    with tempfile.TemporaryDirectory(prefix="contract-") as folder:
        subject = Subject(spec, Path(folder), modules)
        for check in checks:
            title = (check.__doc__ or check.__name__).strip().partition("\n")[0].rstrip(".")
            try:
                check(subject)
                console.print(f"[green]holds[/]   {title}", highlight=False)
            except NotAvailable:
                raise
            except Exception as error:  # any exception of the method is a finding, shown with its type
                broken += 1
                console.print(f"[red]broken[/]  {title}", highlight=False)
                console.print(
                    f"        {type(error).__name__}: {error}", highlight=False, markup=False, soft_wrap=True
                )
    console.print(f"{spec.name}: {len(checks) - broken} of {len(checks)} demands hold", highlight=False)
    if broken:
        raise typer.Exit(1)
