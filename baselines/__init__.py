"""Low- and mid-level methods of the literature. Importing the package registers all of them.

Every module here is imported, so a new method is a new file and nothing else. They are found, not listed:
a list would be source code that every method depends on, and each new method would make all others run again.
"""

import importlib
import pkgutil

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")
