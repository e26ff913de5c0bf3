"""Which images train and test, and what is measured; knows neither methods nor files of a run."""

PROTOCOL_VERSION = 1
"""Part of every row's key: raised whenever the meaning of a row changes."""
