"""Text from data as LaTeX prints it."""

import unicodedata

_ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': "''",
    "'": r"{'}",
    "`": r"{`}",
    "-": r"{-}",
    "–": "--",
    "—": "---",
    "−": "$-$",
    "±": r"$\pm$",
    "×": r"$\times$",
    "†": r"$\dagger$",
    "’": "'",
    "‘": "`",
    "“": "``",
    "”": "''",
    "…": r"\ldots{}",
}

_ACCENTS = {
    "\u0300": r"\`",
    "\u0301": r"\'",
    "\u0302": r"\^",
    "\u0303": r"\~",
    "\u0308": r"\"",
    "\u0327": r"\c ",
}


def escape(text: str) -> str:
    """Text as LaTeX prints it, whatever it holds; letters beyond western Europe become their code points.

    The result is plain ASCII, so that it compiles with every engine and input encoding.
    """
    return "".join(_ESCAPES.get(c) or _letter(c) for c in " ".join(text.split()))


def _letter(c: str) -> str:
    if c.isascii() and c.isprintable():
        return c
    base, *marks = list(unicodedata.normalize("NFD", c))
    if base.isascii() and base.isalpha() and len(marks) == 1 and marks[0] in _ACCENTS:
        return f"{{{_ACCENTS[marks[0]]}{base}}}"
    return rf"\texttt{{U+{ord(c):04X}}}"
