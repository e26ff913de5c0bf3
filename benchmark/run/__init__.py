"""Deciding what to compute, computing it, and keeping it."""
