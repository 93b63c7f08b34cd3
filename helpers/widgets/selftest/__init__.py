"""Whether this installation draws, answers and keeps up."""

from .selftest import SelfTest as SelfTest
