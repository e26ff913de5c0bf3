"""What the code may never do, wherever it stands: unpickle, unpack archives, run text, start shells."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("benchmark", "baselines", "deep")

LOADERS = (
    "pickle",
    "cPickle",
    "_pickle",
    "dill",
    "cloudpickle",
    "shelve",
    "marshal",
    "jsonpickle",
    "joblib.load",
)
FORBIDDEN = {
    "eval": "runs text",
    "exec": "runs text",
    "compile": "makes code of text",
    "__import__": "imports what a text says",
    "os.system": "starts a shell",
    "os.popen": "starts a shell",
    "subprocess.getoutput": "starts a shell",
    "subprocess.getstatusoutput": "starts a shell",
    "pandas.read_pickle": "unpickles",
    "pd.read_pickle": "unpickles",
    "yaml.load": "makes objects",
    "yaml.unsafe_load": "makes objects",
    "shutil.unpack_archive": "unpacks an archive",
    "tarfile.open": "unpacks an archive",
    "zipfile.ZipFile": "unpacks an archive",
    "skops.io.loads": "reads objects from bytes that nobody looked at",
}
METHODS = {"extractall": "unpacks an archive", "serve_forever": "listens on a port"}
SERVERS = ("socket", "socketserver", "http.server", "asyncio", "xmlrpc", "ftplib", "telnetlib", "tarfile")
"""Modules that nothing here needs."""


ALLOWED: set[tuple[str, str]] = {
    # members are read in memory, by names that are checked first; nothing is extracted to a path
    ("benchmark/run/archive.py", "zipfile.ZipFile unpacks an archive"),
    # for `--backend dask` alone: waiting inside its client, and the name of the machine that a worker runs on
    ("benchmark/run/cluster.py", "imports asyncio"),
    ("benchmark/run/on_worker.py", "imports socket"),
}
"""What a module does and may do."""


def found(code: str) -> list[str]:
    """What a module does that no module may: line and reason."""
    tree = ast.parse(code)
    return [f"{node.lineno}: {reason}" for node in ast.walk(tree) for reason in _reasons(node)]


def _reasons(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import | ast.ImportFrom):
        names = [alias.name for alias in node.names]
        base = getattr(node, "module", None)
        whole = [f"{base}.{name}" if base else name for name in names]
        for name in whole:
            if name.startswith(LOADERS) and name != "pickle":
                yield f"imports {name}"
            if any(name == module or name.startswith(f"{module}.") for module in SERVERS):
                yield f"imports {name}"
    if isinstance(node, ast.Attribute) and ast.unparse(node) in (
        "pickle.load",
        "pickle.loads",
        "pickle.Unpickler",
    ):
        yield "unpickles"
    if not isinstance(node, ast.Call):
        return
    called = ast.unparse(node.func)
    words = {word.arg: ast.unparse(word.value) for word in node.keywords}
    if called in FORBIDDEN:
        yield f"{called} {FORBIDDEN[called]}"
    if isinstance(node.func, ast.Attribute) and node.func.attr in METHODS:
        yield f"{called} {METHODS[node.func.attr]}"
    if words.get("shell", "False") != "False":
        yield f"{called} starts a shell"
    if words.get("allow_pickle", "False") != "False":
        yield f"{called} unpickles"
    if called in ("np.load", "numpy.load") and words.get("allow_pickle") != "False":
        yield f"{called} does not say allow_pickle=False"
    if called.endswith("torch.load") and words.get("weights_only") != "True":
        yield f"{called} does not say weights_only=True"
    if words.get("verify") == "False":
        yield f"{called} does not check certificates"


@pytest.mark.parametrize(
    "code",
    [
        "import dill",
        "from pickle import loads",
        "import pickle\nf = pickle.load",
        "import joblib\njoblib.load(p)\nfrom joblib import load",
        "np.load(p)",
        "np.load(p, allow_pickle=True)",
        "torch.load(p)",
        "torch.load(p, weights_only=False)",
        "yaml.load(t)",
        "eval(text)",
        "exec(text)",
        "subprocess.run(c, shell=True)",
        "os.system(c)",
        "shutil.unpack_archive(p)",
        "archive.extractall(p)",
        "requests.get(u, verify=False)",
        "import socket",
        "from http.server import HTTPServer",
    ],
)
def test_the_walk_sees_what_it_looks_for(code: str) -> None:
    assert found(code)


def test_no_module_does_it() -> None:
    files = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    assert len(files) > 250
    everything = {
        (path.relative_to(ROOT).as_posix(), what.partition(": ")[2])
        for path in files
        for what in found(path.read_text())
    }
    assert everything - ALLOWED == set()
    assert everything >= ALLOWED, "what is no longer done is no longer allowed"


def test_what_imports_pickle_names_its_errors_alone() -> None:
    """deep.state_dict tells a refusal of PyTorch by its class; nobody else imports pickle at all."""
    importing = [
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if "import pickle" in path.read_text()
    ]
    assert importing == ["deep/state_dict.py"]
    text = (ROOT / "deep" / "state_dict.py").read_text()
    assert text.count("pickle.") == text.count("pickle.UnpicklingError") == 1
