"""A tensor of up to four axes on the page."""

from .tensor import TensorView as TensorView
