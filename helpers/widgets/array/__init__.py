"""An array of numbers that can be edited in place."""

from .array import EditableArray as EditableArray
from .array import array_spec as array_spec
from .array import edited as edited
from .array import frozen as frozen
