"""A tensor of up to four axes on the page."""

from .tensor import TensorView as TensorView
from .tensor import default_letters as default_letters
from .tensor import diagonal as diagonal
from .tensor import spec_of as spec_of
from .tensor import tensor_spec as tensor_spec
