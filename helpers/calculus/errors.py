"""Errors that a student can read: one line with what was wrong, both values, and the way out."""


class LessonError(Exception):
    """Base of all errors of this package. A notebook shows its message without a traceback."""

    def __str__(self):
        return " ".join(str(argument) for argument in self.args)

    def _render_traceback_(self):
        return [f"{type(self).__name__}: {self}"]


class ShapeError(LessonError, ValueError):
    """Two sizes that must agree do not."""


class NumberError(LessonError, TypeError, ValueError):
    """Something that must be an array of real numbers, or one number, is not."""


class UnknownOperation(LessonError, KeyError, ValueError):
    """No operation of that name is in the table."""


class UnknownInput(LessonError, KeyError, ValueError):
    """The operation has no input of that name, or got too few or too many."""


class UnknownParameter(LessonError, TypeError, ValueError):
    """The operation has no parameter of that name."""


class UnknownLayout(LessonError, ValueError):
    """A layout other than numerator or denominator."""


class TooBig(LessonError, MemoryError, ValueError):
    """A tensor over the memory limit, refused before it is allocated."""
