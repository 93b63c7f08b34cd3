"""What the order puzzle knows at one moment, and how a gesture changes it. Pure."""

from dataclasses import dataclass, field, replace
from types import MappingProxyType

from ...calculus.errors import UnknownInput, UnknownParameter, checked_seed, checked_truth, is_a
from ...calculus.jacobian import LAYOUTS, check_layout
from ...words import brief
from . import puzzles

FIRST, LATER = "first", "later"  # solved at the first try, or after others
SETTINGS = ("number", "layout", "seed", "order", "turned", "checked")


@dataclass(frozen=True)
class Present:
    """order: places of the factors from left to right; tries: how often each puzzle was checked."""

    number: int = 1
    layout: str = "numerator"
    seed: int = 0
    order: tuple = ()
    turns: tuple = ()
    checked: bool = False
    tries: MappingProxyType = field(default_factory=lambda: MappingProxyType({}))
    solved: MappingProxyType = field(default_factory=lambda: MappingProxyType({}))

    @property
    def puzzle(self):
        return puzzles.puzzle(self.number, self.layout, self.seed)

    @property
    def key(self):
        """What a try and a mark belong to."""
        return self.number, self.layout


def dealt(present):
    """The puzzle of this number from its start: cards shuffled, nothing turned."""
    factors = present.puzzle.factors
    order = puzzles.shuffled(factors, present.number, present.seed)
    return replace(present, order=order, turns=(False,) * len(factors), checked=False)


def start(**settings):
    return with_settings(dealt(Present()), settings)


def with_settings(present, settings):
    """Settings from Python. Raises UnknownParameter, UnknownInput, UnknownLayout, NumberError."""
    for name in settings:
        if name not in SETTINGS:
            raise UnknownParameter(f"OrderPuzzle has no setting {brief(name)}. It has: "
                                   f"{', '.join(SETTINGS)}.")
    seed = checked_seed(settings.get("seed", present.seed), "OrderPuzzle")
    number = settings.get("number", present.number)
    layout = settings.get("layout", present.layout)
    puzzles.puzzle(number, layout, seed)
    if seed != present.seed:
        present = Present()
    if (number, layout, seed) != (*present.key, present.seed) or not present.order:
        present = dealt(replace(present, number=number, layout=layout, seed=seed))
    if "order" in settings or "turned" in settings:
        present = arranged(present, settings.get("order"), settings.get("turned"))
    hand_in = checked_truth(settings.get("checked", False), "OrderPuzzle: checked")
    return checked(present) if hand_in else present


def arranged(present, order, turned):
    """Factors by name in an order, some of them transposed. Raises UnknownInput."""
    factors = present.puzzle.factors
    names = [factor.name for factor in factors]
    order = [names[i] for i in present.order] if order is None else listed("order", order)
    if sorted(order) != sorted(names):
        raise UnknownInput(f"OrderPuzzle: order must hold {', '.join(names)}, each once; it holds "
                           f"{', '.join(map(str, order)) or 'nothing'}.")
    turned = [n for n, turn in zip(names, present.turns, strict=True) if turn] if (
        turned is None) else listed("turned", turned)
    can = [factor.name for factor in factors if factor.turned]
    wrong = [name for name in turned if name not in can]
    if wrong:
        raise UnknownInput(f"OrderPuzzle: {brief(wrong[0])} cannot be transposed here. "
                           f"These can: {', '.join(can) or 'none'}.")
    return replace(present, order=tuple(names.index(name) for name in order),
                   turns=tuple(name in turned for name in names), checked=False)


def listed(setting, names):
    """The names of factors as a list; one text is one name. Raises UnknownInput."""
    if is_a(names, str):
        return [names]
    if not is_a(names, list | tuple):
        raise UnknownInput(f"OrderPuzzle: {setting} must be a tuple of factors by name, not "
                           f"{brief(names)}.")
    return [name if is_a(name, str) else brief(name) for name in names]


def moved(present, card, to):
    """Card number `card` put at place `to`."""
    known(present, card)
    rest = [i for i in present.order if i != card]
    to = min(max(int(to), 0), len(rest))
    order = (*rest[:to], card, *rest[to:])
    return present if order == present.order else replace(present, order=order, checked=False)


def turned(present, card):
    """Card number `card` transposed, or back."""
    factor = known(present, card)
    if not factor.turned:
        raise UnknownInput(f"{factor.name} stands in its layout already: only its place changes.")
    turns = tuple(turn != (i == card) for i, turn in enumerate(present.turns))
    return replace(present, turns=turns, checked=False)


def known(present, card):
    """The factor of that number. Raises UnknownInput."""
    factors = present.puzzle.factors
    if card not in range(len(factors)):
        raise UnknownInput(f"OrderPuzzle: there is no card {brief(card)}.")
    return factors[card]


def checked(present):
    """The order is handed in: counted, and marked when it is right."""
    if present.checked:
        return present
    key = present.key
    tries = {**present.tries, key: present.tries.get(key, 0) + (key not in present.solved)}
    solved = dict(present.solved)
    if puzzles.is_right(present.puzzle, present.order, present.turns):
        solved.setdefault(key, FIRST if tries[key] == 1 else LATER)
    return replace(present, checked=True, tries=MappingProxyType(tries),
                   solved=MappingProxyType(solved))


def act(present, gesture):
    """The present after one gesture."""
    kind = gesture["kind"]
    if kind == "move":
        return moved(present, gesture["card"], gesture["to"])
    if kind == "turn":
        return turned(present, gesture["card"])
    if kind == "check":
        return checked(present)
    if kind == "next":
        return with_settings(present, {"number": present.number % puzzles.COUNT + 1})
    if kind in ("number", "layout"):
        return with_settings(present, {kind: gesture["value"]})
    if kind == "reset":
        return dealt(Present(seed=present.seed, number=present.number, layout=present.layout))
    raise UnknownInput(f"OrderPuzzle has no gesture {brief(kind)}.")


def cards_of(present):
    """(name, shape) from left to right, as they stand."""
    return puzzles.placed(present.puzzle, present.order, present.turns)


def show(present):
    """What the browser draws."""
    puzzle, cards = present.puzzle, cards_of(present)
    joints, shape = puzzles.arithmetic(cards)
    good, line = puzzles.verdict(puzzle, present.order, present.turns)
    return {
        "number": present.number, "count": puzzles.COUNT, "layout": present.layout,
        "layouts": list(LAYOUTS), "title": puzzle.title, "asks": puzzle.asks,
        "goal": {"name": puzzle.goal, "shape": list(puzzle.goal_shape)},
        "cards": [{"card": i, "name": name, "shape": list(shape),
                   "turned": present.turns[i], "turns": bool(puzzle.factors[i].turned)}
                  for i, (name, shape) in zip(present.order, cards, strict=True)],
        "joints": [{"text": text, "good": fits} for text, fits in joints],
        "product": list(shape) if shape else None,
        "checked": present.checked, "good": good and present.checked,
        "verdict": line if present.checked else "",
        "marks": [present.solved.get((n + 1, present.layout), "") for n in range(puzzles.COUNT)],
        "score": score(present),
    }


def score(present):
    """`2 of 8 solved in the numerator layout, 1 at the first try`."""
    check_layout(present.layout)
    marks = [mark for (_, layout), mark in present.solved.items() if layout == present.layout]
    return (f"{len(marks)} of {puzzles.COUNT} solved in the {present.layout} layout, "
            f"{marks.count(FIRST)} at the first try")
