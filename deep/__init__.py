"""The convolutional networks of You et al. (2015): architecture, training, Algorithm 1 and Algorithm 2.

Importing the package registers the methods, without importing PyTorch.
"""

from deep import methods

__all__ = ["methods"]
