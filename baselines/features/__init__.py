"""Descriptors of one image, one file each."""
