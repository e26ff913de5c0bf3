"""Imported once by the server that cells are forked from, so that no cell waits for its imports."""

import cv2  # noqa: F401
import sklearn.linear_model
import sklearn.svm  # noqa: F401
import threadpoolctl  # noqa: F401

from benchmark.data.fingerprint import processor
from benchmark.registry import load_registry
from benchmark.run import cell  # noqa: F401
from benchmark.run.socket_folder import remove_with_this_process

load_registry()
processor()
remove_with_this_process()
