"""Datasets, images and what is computed once per image.

Nothing is imported here: a method's provenance lists the modules it imports, and a package that
imported every dataset would make each method depend on all of them.
"""
