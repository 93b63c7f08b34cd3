"""An array of numbers that can be edited in place."""

from .array import EditableArray as EditableArray
