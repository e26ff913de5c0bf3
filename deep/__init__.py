"""The convolutional networks of You et al. (2015): architecture, training, Algorithm 1 and Algorithm 2.

Everything here works on arrays of pixels and labels; nothing knows of files of images, folds or tables.
"""
