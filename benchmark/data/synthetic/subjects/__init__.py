"""Twelve kinds of subjects, each in several states."""
