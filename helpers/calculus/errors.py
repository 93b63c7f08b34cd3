"""Errors that a student can read: one line with what was wrong, both values, and the way out."""

import linecache
import os
import sys
import traceback
from operator import index
from types import CodeType

from ..words import brief, one_line


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


class Named(dict):
    """Rows of a table by their names. A wrong name raises UnknownOperation with all there are."""

    def __init__(self, kind, rows):
        super().__init__(rows)
        self.kind = kind

    def __getitem__(self, name):
        if not stands_in(name, self):
            raise UnknownOperation(f"There is no {self.kind} {brief(name)}. "
                                   f"There are: {', '.join(self)}.")
        return super().__getitem__(name)


class UnknownInput(LessonError, KeyError, ValueError):
    """The operation has no input of that name, or got too few or too many."""


class UnknownParameter(LessonError, TypeError, ValueError):
    """The operation has no parameter of that name."""


class UnknownLayout(LessonError, ValueError):
    """A layout other than numerator or denominator."""


class TooBig(LessonError, MemoryError, ValueError):
    """A tensor over the memory limit, refused before it is allocated."""


class CodeError(LessonError, RuntimeError):
    """Somebody's own function stopped, or gave what cannot be used."""


class FileNameError(LessonError, ValueError):
    """A name that no file can have here."""


def check_file_name(path):
    """Raise FileNameError for a path with letters that the encoding of file names has not."""
    try:
        os.fsencode(path)
    except UnicodeEncodeError as error:
        encoding = sys.getfilesystemencoding()
        instead = "" if encoding == "utf-8" else "start Python with PYTHONUTF8=1, or "
        raise FileNameError(f"{brief(os.fspath(path))} has letters that no file name has here, in "
                            f"{encoding}: {instead}choose another name.") from error


def check_place(path):
    """Raise FileNameError for a path that no file can have, or whose folder is not there."""
    check_file_name(path)
    folder = os.path.dirname(os.path.abspath(path))
    if not os.path.isdir(folder):
        raise FileNameError(f"There is no folder {one_line(folder)}: make it, or save "
                            f"{one_line(os.path.basename(path))} in another.")


def is_a(value, kinds):
    """Whether a value is of a class, or of one of several, also where it may not be asked."""
    return issubclass(type(value), kinds)


def stands_in(value, choices):
    """Whether a value is a text or a number among choices, also where it cannot be compared."""
    return is_a(value, str | int) and value in choices


def checked_seed(seed, who):
    """The seed of random numbers as an int. Raises NumberError."""
    try:
        whole = index(seed)
    except TypeError:
        whole = -1
    if whole < 0:
        raise NumberError(f"{who}: seed must be a whole number from 0, not {brief(seed)}.")
    return whole


def checked_truth(value, what):
    """True or False. Raises NumberError for what is neither, such as an array of several."""
    try:
        return bool(value)
    except Exception:  # somebody's own object may stop with anything
        raise NumberError(f"{what} must be True or False, not {brief(value)}.") from None


def code_of(function):
    """The code of a function, or None, also for an object that stops when it is asked."""
    try:
        code = getattr(function, "__code__", None)
    except Exception:
        return None
    return code if type(code) is CodeType else None


def place(error, function):
    """(line number, its text) of the last line of the student's file in a traceback, or None."""
    file = getattr(code_of(function), "co_filename", None)
    lines = [line for frame, line in traceback.walk_tb(error.__traceback__)
             if frame.f_code.co_filename == file]
    return (lines[-1], linecache.getline(file, lines[-1]).strip()) if lines else None


def where(error, function):
    """`in line 2, "return G @ W"`, or nothing where the line is unknown."""
    found = place(error, function)
    if found is None:
        return ""
    number, text = found
    return f"in line {number}, `{one_line(text)}`" if text else f"in line {number}"
