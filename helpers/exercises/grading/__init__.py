"""For teachers: who can do what, what a class misunderstands, and notebooks to hand out.

A verdict is made here, outside of the student's kernel, by the judge that the lessons have: the
kernel is asked only for what an answer gives on inputs that the grader draws. `docs/teaching.md`
says how to use it, and what it cannot prevent.
"""

from .gradescope import bundle
from .handed_in import found
from .kernel import unfenced
from .many import grade
from .release import names_in, release
from .report import page
from .table import check, grades, save, text
from .understood import rows

__all__ = ["bundle", "check", "found", "grade", "grades", "names_in", "page", "release", "rows",
           "save", "text", "unfenced"]
