"""The finder: from a full tensor to the line of NumPy that replaces it, one stage at a time."""

from functools import lru_cache

import numpy as np

from ...calculus.discover import discover
from ...calculus.discover.large.search import Large
from ...calculus.errors import ShapeError, UnknownInput, checked_seed, is_a
from ...calculus.operation import OPERATIONS, operation
from ...widgets.kit.formulas import mathml
from ...widgets.kit.live import Name, cell_of
from ...words import brief, short
from ..kit.controls import Choice, Given, Press, Slider, start
from ..kit.lab import Lab, note, steps, value, with_spec
from . import picture

OWN = "your function"
# Axes so short that every number can be read; scores of classes stand alone and need three.
SMALL = {"c": 3, "l": 4, "w": 2}
CLASSES = {"k": 4}


def choices():
    """`affine by W`, …: every operation of the table and input."""
    return tuple(f"{name} by {wrt}" for name, op in OPERATIONS.items() for wrt in op.inputs)


@lru_cache(maxsize=64)
def found(what, seed):
    """The `Structure` of an operation by one input, at seeded inputs."""
    name, wrt = what.split(" by ")
    op = operation(name)
    wanted = SMALL if "m" in op.sizes_at() else SMALL | CLASSES
    sizes = {letter: size for letter, size in wanted.items() if letter in op.sizes_at()}
    inputs, parameters = op.example(np.random.default_rng(seed), sizes)
    inputs = tuple(np.round(x, 1) for x in inputs)
    return discover(op, *inputs, wrt=wrt, **parameters)


class ReplacementFinder(Lab):
    """`ReplacementFinder("affine by W")`, `ReplacementFinder(f, x, known={"W": W})`.

    An operation of the table and one of its inputs, or any function of one array (and its input,
    and arrays that the answer may name). stage: how many steps of the search are taken, from 0
    to the last one that there is (`stage=5` is always the last); seed: of the inputs.
    `.structure` is what `discover` found. Raises what `discover` raises.
    """

    point = "How does a huge tensor become one line of NumPy? Take the search stage by stage."
    build, low, update = map(staticmethod, (picture.build, picture.low, picture.update))
    above = True

    def __init__(self, what="relu by X", x=None, known=None, **settings):
        self._given = what, x, known
        given = () if x is None else (x,)
        self._own = discover(what, *given, known=known) if callable(what) else None
        if self._own is not None and 0 in self._own.shape:
            raise ShapeError(f"ReplacementFinder: the full tensor has shape {self._own.shape} and "
                             "no entry to show. Give an input without an axis of length 0.")
        options = choices() if self._own is None else (OWN, *choices())
        start = OWN if self._own is not None else what
        if not is_a(start, str) or start not in options:
            raise UnknownInput(f"ReplacementFinder: there is no {brief(what)}. Choose one of "
                               f"{', '.join(options[:4])}, …, or give a function and its input.")
        self.controls = (
            Choice("what", "derivative of", options=options, value=start),
            Slider("stage", "stage", low=0, high=5, step=1, value=0, plays=True),
            Press("next", "Next stage"),
            Press("fresh", "Other numbers", when=lambda present: present["what"] != OWN),
            Given("seed", "seed", value=0,
                  check=lambda seed: checked_seed(seed, "ReplacementFinder")),
        )
        super().__init__(**settings)

    def study(self, present):
        own = present["what"] == OWN
        structure = self._own if own else found(present["what"], present["seed"])
        return {"structure": structure, "what": present["what"],
                "place": min(present["stage"], len(structure.stages) - 1)}

    def press(self, present, name):
        if name == "fresh":
            return present | {"seed": present["seed"] + 1}
        return present | {"stage": present["stage"] + 1}

    def act(self, present, gesture):
        now = super().act(present, gesture)
        return self._inside(now | {"stage": 0} if now["what"] != present["what"] else now)

    def _with(self, present, settings):
        return self._inside(super()._with(present, settings))

    def _inside(self, present):
        """The stage is one of those that this search has."""
        return present | {"stage": self.study(present)["place"]}

    def show(self, present):
        last = len(self.study(present)["structure"].stages) - 1
        return with_spec(super().show(present), "stage", high=last)

    @staticmethod
    def still(view):
        """What is drawn: of a tensor that is too large, the same at a smaller size, or a part."""
        shown = view["structure"].drawn
        return shown, min(view["place"], len(shown.stages) - 1)

    def cell(self):
        """The text of the cell that makes this finder again."""
        present, first = self._present, start(self.controls)
        more = {key: present[key] for key in ("stage", "seed") if present[key] != first[key]}
        if present["what"] != OWN:
            return cell_of("ReplacementFinder", present["what"], **more)
        f, x, known = self._given
        known = {name: np.asarray(value).tolist() for name, value in (known or {}).items()}
        return cell_of("ReplacementFinder", Name(getattr(f, "__name__", "f")), np.asarray(x),
                       **({"known": known} if known else {}), **more)

    def functions(self):
        return self._given[:1] if self._present["what"] == OWN else ()

    @property
    def structure(self):
        """What `discover` found for the present choice."""
        return self.study(self._present)["structure"]

    @staticmethod
    def readouts(view):
        s, place = view["structure"], view["place"]
        last = len(s.stages) - 1
        done = place == last
        share = f"{s.stages[place].numbers:,} of {s.entries:,}"
        search = [(f"stage {i} · {stage.name}", stage.sentence, i <= place)
                  for i, stage in enumerate(s.stages)]
        letters = (*s.samples.outer, *s.samples.inner)
        paper = [(title, (latex, mathml(latex, letters)), done)
                 for title, latex in s.derivation]
        story = [note(f"{s.samples.story()} {s.samples.drawn()}")] \
            if isinstance(s.samples, Large) else []
        tone = "good" if done else ""
        return [value("stage", f"{place} of {last}"), value("numbers left", share, tone),
                value(s.result, s.numpy if done else "?", tone),
                value("einsum", s.einsum if done else "?"),
                value("largest error on random G", short(s.error) if done else "?"),
                *story, steps(The_search=search, On_paper=paper)]

    @staticmethod
    def says(view):
        s, place = view["structure"], view["place"]
        stage, last = s.stages[place], len(s.stages) - 1
        head = f"∂{s.samples.source} by {s.input_name}, stage {place} of {last} ({stage.name}): " \
               f"{stage.numbers:,} of {s.entries:,} numbers are left"
        return f"{head}; {s.result} = {s.numpy}" if place == last else head
