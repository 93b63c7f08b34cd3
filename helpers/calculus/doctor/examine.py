"""The examination of somebody's gradients: measured, judged, and where they are wrong, named."""

from dataclasses import dataclass

import numpy as np

from ...words import four
from ..errors import LessonError
from ..jacobian import as_numbers
from ..mistakes import REMEDY, Mistake
from ..slopes import slopes
from .diagnosis import close, diagnose
from .judge import DIGITS, SEEN, Judgement, entry, judged, told_apart
from .measure import (
    CONDITION,
    EPS,
    LARGEST,
    MOST,
    SURE,
    contracted,
    finite_max,
    measure,
    noise_of,
    nudged,
    rounding,
)
from .trials import Trial, shrunk, small, trials

SINGLE = float(np.finfo(np.float32).eps)
ROUGHEST = 1e-11  # of a gradient in float64: what is rougher is a mistake, float32 for example
FINEST = 1e-6  # of the usual size of an input: the ladder's last step
LOOKS = 3  # for the rounding inside, before anybody is accused
STAIRS = 2.0  # how far rounding goes, in what differences leave of it: from one edge to the other
SHOWN = 4  # entries of a column that are written out


@dataclass(frozen=True, eq=False)
class Finding:
    """What the examination found for one input.

    judgement: at somebody's own numbers, or at other `values` where it is wrong only there, for the
    upstream gradient G; mistake: a `Mistake` or None; facts: more sentences that are true; beside:
    whether it is wrong at these numbers, where kinks inside forward meet, and right beside them.
    """

    name: str
    judgement: Judgement
    mistake: Mistake | None
    facts: tuple
    values: dict
    G: np.ndarray
    beside: bool = False

    @property
    def passed(self):
        """Whether the gradient is right and nothing else is wrong."""
        return (self.judgement.right or self.beside) and self.mistake is None

    @property
    def verdict(self):
        """One sentence."""
        if self.judgement.right and self.mistake is not None:
            return "the numbers are right, but:"
        if self.beside:
            mine, theirs = told_apart(*self.judgement.values(self.judgement.wrong))
            return ("right beside these numbers. Exactly at them kinks inside forward meet: "
                    f"{entry(self.judgement.name, self.judgement.wrong)} is {mine}, and the slope "
                    f"as measured {theirs}.")
        return self.judgement.verdict


def stream(seed, number=0):
    """Random numbers that `default_rng(n)` gives for no n that a person would type."""
    return np.random.default_rng([0x7E4508, seed, number])


def examined(code, seed):
    """A `Finding` for each input of an `OwnCode`, with G from a stream of its own."""
    random = stream(seed)
    G = random.standard_normal(code.Y.shape) if code.takes_G else np.ones(code.Y.shape)
    first = Trial(code, code.values, G)
    wrong = {name: look(first, name, random) for name in code.names}
    runs = trials(code, random, G) if small(code) else [first]
    corner = None if small(code) or all(one.right for one in wrong.values()) else shrunk(code)
    others = runs if corner is None else trials(corner, random, stream(seed, 1).standard_normal(
        corner.Y.shape) if corner.takes_G else np.ones(corner.Y.shape))
    return [finding(name, judgement, runs, others, random) for name, judgement in wrong.items()]


def finding(name, judgement, runs, others, random):
    """The `Finding` for one input: elsewhere too, if it is right here.

    others: the trials by which a mistake is named, those of a corner where the arrays are large.
    """
    at, facts = runs[0], ()
    if judgement.right:
        for t in [t for t in runs[1:] if t.code is runs[0].code]:
            there = elsewhere_wrong(t, name, random)
            if there is not None:
                facts = (f"At your own numbers {own_said(judgement)}; this is where each of them "
                         "is a little larger or smaller.",)
                judgement, at = there, t
                break
    mistake = None
    by_chance = judgement.wrong is not None and at is runs[0] and ties(at)
    if by_chance and right_beside(at, name, random):
        return Finding(name, judgement, None, (), at.values, at.G, beside=True)
    if not judgement.right and judgement.known:
        mistake = named(others, name, runs[0]) or written(runs[0], name)
        facts += column_said(judgement)
    else:
        mistake = written(runs[0], name) or kept(runs, name)
    return Finding(name, judgement, mistake, facts, at.values, at.G)


def own_said(judgement):
    """What can be said of a gradient at somebody's own numbers, before it is wrong elsewhere."""
    return "no mistake can be told" if SEEN in judgement.verdict else "it is right"


def elsewhere_wrong(t, name, random):
    """The `Judgement` of another trial where it is wrong there, else None."""
    try:
        if t.got[name].shape == t.values[name].shape and close(t.got[name], t.right(name), 1e-7):
            return None
        found = look(t, name, random)
    except (LessonError, KeyError):
        return None
    return None if found.right or not found.known or found.wanted.kinks else found


def ties(t):
    """Whether there is a 0, or the same size twice, where kinks may lie."""
    return any(not value.all() or len(np.unique(np.abs(value))) < value.size
               for value in t.values.values())


def right_beside(t, name, random):
    """Whether the gradient is right a little beside these numbers, which are ties by chance.

    To either side of them: what is wrong at 0 may be wrong below 0 alone.
    """
    steps = {key: 1e-3 * random.uniform(-1, 1, value.shape) * np.abs(value).max(initial=0)
             for key, value in t.values.items()}
    for turned in (steps, {key: -step for key, step in steps.items()}):
        values = {key: value + turned[key] for key, value in t.values.items()}
        try:
            found = look(Trial(t.code, values, t.G), name, random)
        except (LessonError, KeyError):
            return False
        if not found.right or found.digits < DIGITS or found.wanted.kinks:
            return False
    return True


def named(runs, name, first):
    """The `Mistake` of a wrong gradient, or None; first: the trial whose sizes are told."""
    if len(runs) < 2:
        return None
    return (same_memory(runs, name, both=True) or diagnose(runs, name, first)
            or same_memory(runs, name, both=False))


def look(t, name, random):
    """The `Judgement` of one gradient: by exact slopes, and by the ladder before it is accused.

    Before it is called wrong, the rounding inside of both functions is looked for, too.
    """
    found = judgement_of(t, name, random)
    for count in range(1, LOOKS + 1):  # one look in a hundred sees nothing of it
        if found.right or not found.shape:
            break
        inside = t.roughness(count, random)
        if explains(inside, found, t, name):
            found = judgement_of(t, name, random, inside)
    return found


def explains(roughness, judgement, t, name):
    """Whether rounding as large as this could be why a gradient looks wrong, at the finest step."""
    lost, rise = (finite_max(roughness.get(key, 0.0)) for key in (name, None))
    step = FINEST * usual(t.values[name])
    most = CONDITION * lost + SURE * STAIRS * rise * np.abs(t.G).sum() / step
    return bool(most) and finite_max(judgement.difference) <= most


def judgement_of(t, name, random, roughness=None):
    """The `Judgement`; roughness: of each gradient by its input, and of Y by None."""
    code, x, got = t.code, t.values[name], t.got[name]
    unit = SINGLE if t.passed.single or rounds(t, name) else EPS
    f, answers = t.function(name), nudged_answers(t, name, random, unit)
    inside = roughness or {}
    lost, rise = np.asarray(inside.get(name, 0.0)), inside.get(None, 0.0)
    lost = float(np.max(lost, initial=0.0, where=lost <= ROUGHEST * max(1.0, finite_max(got))))

    def judge(wanted, more=0.0):
        slack = rounding(answers, wanted, t.G, unit, lost + more)
        return judged(f"d{name}", got, wanted, slack, t.values.values())

    exact = None
    if unit == EPS and x.size <= MOST and x.size * t.G.size <= LARGEST:
        found = slopes(f, x)
        exact = judge(contracted(t.G, found, x.shape, np.arange(x.size), None),
                      float(np.sum(np.abs(t.G) * rise)) / usual(x))
        if (exact.right and exact.digits >= DIGITS and not found.kinks) or not exact.shape:
            return exact

    def forward(*inputs):
        given = dict(zip(code.names, inputs, strict=True))
        return as_numbers(code.value({**t.values, **given}), "Y")

    noise = noise_of(forward, [t.values[key] for key in code.names], random, unit)
    noise = np.maximum(noise, STAIRS * rise)
    ladder = judge(measure(f, x, t.G, noise, random, unit))
    surer = exact is not None and exact.digits > ladder.digits and (exact.right or found.exact)
    return exact if surer and agree(exact.wanted, ladder.wanted) else ladder


def usual(x):
    """The usual size of the numbers of an input, at most 1: where forward is rough, slopes are."""
    some = np.abs(x[(x != 0) & np.isfinite(x)])
    return min(1.0, float(np.median(some))) if some.size else 1.0


def nudged_answers(t, name, random, unit):
    """The gradient as it is, and twice at inputs and G that moved in their last places."""
    got, answers = t.got[name], []
    for _ in range(2):
        moved = {key: nudged(value, random, unit) if key in t.code.names else value
                 for key, value in t.values.items()}  # others may be labels
        passed = t.code.run(moved, nudged(t.G, random, unit))
        answers.append(passed.gradients.get(name, got))
    same = all(answer.shape == got.shape for answer in answers)
    return [got, *answers] if same else [got]


def agree(exact, ladder):
    """Whether the ladder, as far as it can tell, finds the slopes that are more exact."""
    value, error = exact.value[ladder.places], exact.error[ladder.places]
    with np.errstate(invalid="ignore"):
        same = np.abs(value - ladder.value) <= 4 * (error + ladder.error)
    return bool(same.all()) and not ladder.kinks


def rounds(t, name):
    """Whether forward rounds its input to float32, though float64 comes out."""
    x = t.values[name]
    with np.errstate(over="ignore"):
        less = x.astype(np.float32).astype(np.float64)
    if np.array_equal(less, x) or not np.isfinite(less).all():
        return False
    Y, beside = (t.code.value({**t.values, name: value}) for value in (less, x * (1 + 8 * SINGLE)))
    moves = Y.shape == beside.shape and not np.array_equal(Y, beside)  # else it stands still there
    return moves and np.array_equal(Y, t.Y) and np.array_equal(Y, Y.astype(np.float32)) and bool(
        (Y != np.round(Y, 2)).any())


def column_said(judgement):
    """What the first wrong entry moves: its column of the Jacobian, in words."""
    index = judgement.wrong
    if index is None:
        return ()
    wanted, name = judgement.wanted, judgement.name[1:]
    place = int(np.ravel_multi_index(index, wanted.shape)) if index else 0
    column = wanted.column(place, wanted.Y.shape)
    moved = [tuple(map(int, k)) for k in np.argwhere(column)]
    told = [f"∂{entry('Y', k)}/∂{entry(name, index)} = {four(column[k])}" for k in moved[:SHOWN]]
    rest, zeros = len(moved) - len(told), column.size - len(moved)
    told += [f"{rest} more"] if rest else []
    if zeros:
        one = "the other one is 0" if moved else "its one entry is 0"
        more = f"the other {zeros} are 0" if moved else f"all {zeros} are 0"
        told.append(one if zeros == 1 else more)
    return (f"Column of the Jacobian, what {entry(name, index)} moves: {', '.join(told)}.",)


def written(t, name):
    """The `Mistake` of writing to an array that others still need, or None."""
    changed = t.passed.changed
    if not any(changed.values()) or name != t.code.names[0]:
        return None
    told = "; ".join(f"{who} writes to {' and '.join(names)}"
                     for who, names in changed.items() if names)
    return Mistake("input overwritten", None, f"{told}. {REMEDY['input overwritten']}")


def same_memory(runs, name, both):
    """The `Mistake` of two different gradients in one array, or None; both: where both are wrong.

    Where one of them is right, the other may be wrong for a reason of its own.
    """
    first = runs[0]
    for a, b in first.passed.shared:
        wrong = [not close(first.got[n], first.right(n), 1e-6) for n in (a, b)]
        if name in (a, b) and (all(wrong) or not both) and all(
                t.right(a).shape != t.right(b).shape or not close(t.right(a), t.right(b), 1e-9)
                for t in runs):
            return Mistake("aliasing", None, f"d{a} and d{b} are the same array: what is written "
                           "to one changes the other. Make each of its own.")
    return None


def kept(runs, name):
    """The `Mistake` of handing out an array that the next call overwrites, or None."""
    t = runs[0]
    if not t.code.takes_G or not t.G.size:
        return None
    before, after = t.code.twice(t.values, t.G, t.G + 1)
    if name in before and not np.array_equal(before[name], after[name], equal_nan=True):
        return Mistake("aliasing", None, f"d{name} changes when backward is called again: it is "
                       "the same array each time. Return a new one, or a copy.")
    return None
