"""Seeds derived by name, so that one cell alone gives what the whole run gives."""

from benchmark.data.fingerprint import digest


def derive_seed(seed: int, *names: object) -> int:
    """A seed for something that has a name.

    Parameters
    ----------
    seed : int
        The user's seed.
    *names : object
        What the seed is for, such as ``"BagOfWords", "five", 3``; compared as strings.

    Returns
    -------
    int
        0 to 2**31 - 1.
    """
    return int(digest(str(seed), *map(str, names))[:8], 16) & 0x7FFFFFFF
