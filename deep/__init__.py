"""The convolutional networks of You et al. (2015), and what came after them.

Importing the package registers its methods without importing PyTorch, which takes seconds: the modules named
``...methods`` and ``...studies`` are imported, the others when a network is used. They are found, not listed:
a list would be source code that every network depends on.
"""

import importlib
import pkgutil

for _module in pkgutil.iter_modules(__path__):
    if _module.name.endswith(("methods", "studies")):
        importlib.import_module(f"{__name__}.{_module.name}")
