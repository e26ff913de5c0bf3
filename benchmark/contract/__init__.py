"""The contract as checks that anyone can run on a method: ``python -m benchmark check-method NAME``."""
