"""The convolutional networks of You et al. (2015) and pretrained ones: training, transfer, frozen features.

Importing the package registers the methods, without importing PyTorch. The modules are imported by name in a
string: an import statement would make the source of each a part of what every other method depends on.
"""

import importlib

METHODS = ("methods", "lite0_methods", "lite0_banks", "backbone_methods")
"""Modules that register methods."""

for _name in METHODS:
    importlib.import_module(f"{__name__}.{_name}")
