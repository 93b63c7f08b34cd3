"""What the doctor draws in a browser: the gradients by one input, and what an entry moves."""

from dataclasses import dataclass

import numpy as np

from ...calculus.doctor.code import OwnCode
from ...calculus.doctor.examine import examined
from ...calculus.errors import UnknownInput, stands_in
from ...words import brief, four
from ..array import array_spec
from ..tensor import spec_of

MOST_CELLS = 400      # of an array on the page
MOST_TENSOR = 4096    # entries of a full tensor on the page
MOST_AXES = 3
LETTERS = "ijkl"
NOTHING = None        # the present of a doctor that was given no code
WANTED = ("Give it your code and its arrays: GradientDoctor(forward, backward, X, W, b). backward "
          "takes G, then what forward takes, and returns a gradient for each array.")
UNREAD = {"text": "", "marks": {}, "inner": None, "outer": None, "column": {}}


@dataclass(frozen=True, eq=False)
class Present:
    """Somebody's code, what the examination found with this seed, and the input to look at."""

    code: OwnCode
    seed: int
    findings: tuple
    name: str
    mode: str = "tiles"

    @property
    def found(self):
        """The `Finding` of the input."""
        return next(one for one in self.findings if one.name == self.name)


def start(code, seed, wrt=None, mode="tiles"):
    """The first `Present`: the first input whose gradient is wrong, or the first. UnknownInput."""
    findings = tuple(examined(code, seed))
    if wrt is not None and not stands_in(wrt, code.names):
        raise UnknownInput(f"There is no gradient by {brief(wrt)}. Choose from "
                           f"{', '.join(code.names)}.")
    first = next((one.name for one in findings if not one.passed), findings[0].name)
    return Present(code, seed, findings, wrt or first, mode)


def show(present):
    """The whole state for the browser."""
    if present is NOTHING:
        return {"wanted": WANTED, "arrays": {}, "upstream": {}, "tensor": None}
    found = present.found
    tensor, outer, inner = laid_out(present)
    mistake = found.mistake
    return {
        "wanted": "", "of": present.code.name, "chosen": present.name, "mode": present.mode,
        "inputs": [{"name": one.name, "passed": one.passed} for one in present.findings],
        "passed": found.passed, "verdict": found.verdict,
        "facts": list(found.facts),
        "mistake": {"name": mistake.name, "remedy": mistake.remedy} if mistake else None,
        "arrays": gradients(found, inner), "tensor": tensor,
        "upstream": upstream(present, outer),
    }


def laid_out(present):
    """(tensor for the browser or None, letters of the axes of Y, of the input)."""
    wanted = present.found.judgement.wanted
    J, shape, Y = wanted.J, wanted.shape, wanted.Y
    small = J.size <= MOST_TENSOR and max(len(shape), Y.ndim) <= MOST_AXES
    if not small or not wanted.whole or not J.size:
        return None, tuple(LETTERS[:Y.ndim]), tuple(LETTERS[:len(shape)])
    return spec_of(f"∂Y/∂{present.name}", J.reshape(Y.shape + shape), Y.ndim, present.mode)


def gradients(found, letters):
    """Both gradients and their difference, by place; nothing where they are too large."""
    judgement = found.judgement
    got, wanted = judgement.got, judgement.wanted.array
    name = judgement.name
    if max(got.size, wanted.size) > MOST_CELLS or max(got.ndim, wanted.ndim) > len(LETTERS):
        return {}
    bare = [letter.rstrip("′") for letter in letters]
    mine = bare if got.ndim == wanted.ndim else LETTERS[:got.ndim]
    specs = {"mine": array_spec(f"{name}, yours", got, mine),
             "measured": array_spec(f"{name}, measured", wanted, bare)}
    if judgement.shape:
        apart = judgement.difference
        specs["difference"] = array_spec("difference, 0 where they agree", apart, bare)
    return specs


def upstream(present, letters):
    """G, where backward is given one and it fits the page."""
    G = present.found.G
    if not present.code.takes_G or G.size > MOST_CELLS or G.ndim > len(LETTERS):
        return {}
    return {"G": array_spec("G", G, letters)}


def read(present, pointer):
    """The column of the entry pointed at, or of the first wrong one, and the sum over it."""
    if present is NOTHING:
        return UNREAD
    judgement = present.found.judgement
    wanted, name = judgement.wanted, present.name
    place = pointed(pointer, judgement)
    if place is None or place not in wanted.places:
        return UNREAD
    index = tuple(map(int, np.unravel_index(place, wanted.shape))) if wanted.shape else ()
    column = wanted.column(place, wanted.Y.shape)
    i = int(np.flatnonzero(wanted.places == place)[0])
    at = str(list(index)) if index else ""
    moved = int(np.count_nonzero(column))
    yours = f"; yours is {four(judgement.got[index])}" if judgement.shape else ""
    text = (f"{name}{at} moves {moved} of {column.size} outputs: its column of the Jacobian. "
            f"d{name}{at} = Σ G ⊙ column = {four(wanted.value[i])}{yours}.")
    _, outer, _ = laid_out(present)
    shown = column.size <= MOST_CELLS and column.ndim <= len(LETTERS)
    spec = {"column": array_spec(f"∂Y/∂{name}{at}", column, outer)} if shown else {}
    marks = {key: [place] for key in ("mine", "measured", "difference")
             if judgement.shape or key == "measured"}
    return {"text": text, "marks": marks, "inner": place, "outer": None, "column": spec}


def pointed(pointer, judgement):
    """The flat place of the entry pointed at, else of the first wrong one, or of the first."""
    place, shape = pointer.get("index"), judgement.wanted.shape
    if pointer.get("place") == "J":
        place = pointer.get("inner")
    if place is not None and 0 <= place < int(np.prod(shape)) and (
            judgement.shape or pointer.get("place") != "mine"):
        return place
    if judgement.wrong is not None:
        return int(np.ravel_multi_index(judgement.wrong, shape)) if shape else 0
    return int(judgement.wanted.places[0]) if len(judgement.wanted.places) else None
