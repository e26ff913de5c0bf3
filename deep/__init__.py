"""The convolutional networks of You et al. (2015): architecture, training, Algorithm 1 and Algorithm 2.

Importing the package registers the methods and studies, without importing PyTorch.
"""

from deep import methods, studies

__all__ = ["methods", "studies"]
