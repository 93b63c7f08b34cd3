"""Batch normalization taken apart, step by step."""

from .batchnorm import BatchNormLab as BatchNormLab
