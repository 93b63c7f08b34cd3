"""The search: from a full tensor to its compact replacement. Which f has dL/dX = f(dL/dY)?

`discover` looks for ties (axes of Y and of the input that must agree), constants (axes along which
nothing changes), and what the core that is left may be; names it; writes the line of NumPy; and
runs that line against the full tensor, at several inputs, before it says anything.
"""

from dataclasses import replace
from functools import partial

import numpy as np

from ...words import brief
from ..errors import NumberError
from .cores import deeply, gather, moves, named, raw, scalar
from .deeper import (
    LARGEST,
    as_vector,
    literal,
    livelier,
    otherwise,
    parted,
    turned_back,
    unnamed,
    with_words,
)
from .large.search import found_large
from .large.subjects import Subject
from .line import line_of
from .naming.names import Names, names_in
from .patterns.bands import sliding
from .patterns.gates import gated
from .patterns.low_rank import diagonal_plus_low_rank
from .patterns.mixed import terms
from .patterns.norms import norms, steadied
from .patterns.products import choice, product, softened
from .patterns.two_ties import two_ties
from .patterns.windows import by_kernel, convolution, pooled
from .progress import watched
from .regions import doubtful, with_mask
from .samples import samples_of
from .structure import Structure
from .terms import Answer, Core, untied_first
from .ties import Pattern, find_constants, find_ties, without
from .trials import alike, contradictions, fails_at, gives_none, said_of_zeros, tried

NOISES = (1e-8, 1e-6, 1e-5)  # of differences, and of float32
ROUNDS = 4  # searches: each one looks also at a point that contradicted the line before
DETECTORS = (scalar, named, gather, moves, sliding, product, choice, softened,
             diagonal_plus_low_rank, two_ties, raw)
DEEP = (gated, deeply, pooled, convolution, by_kernel, product, terms, two_ties)


def discover(what, *arguments, output_ndim=None, known=None, wrt=None, tolerance=None,
             **parameters):
    """The `Structure` of a derivative.

    discover(J, output_ndim=2): of a full tensor, Y's axes first; if it was measured, its noise is
    estimated, or said: tolerance=1e-6, relative to its largest entry.
    discover(f, x, known={"W": W}): of any function of arrays, measured at x and at other inputs;
    the answer may name the input, Y and the known arrays. discover(f, X, W) is by the first of
    them, or by wrt="W", and knows the others; keywords that f has are handed on to it.
    discover(op, X, W, b, wrt="W"): of an operation of the table (or its name), exactly; without
    inputs at an example.
    Raises ShapeError or NumberError for a function that has no such tensor.
    """
    if arguments and callable(arguments[0]) and not callable(what):
        raise NumberError("discover: the function comes first, then its input: discover(f, x), "
                          f"not discover({brief(what)}, f).")
    with watched("the line that replaces it"):
        samples = samples_of(what, arguments, output_ndim, known, wrt, tolerance, parameters)
        if isinstance(samples, Subject):
            return Structure(*found_large(samples, proposed, DETECTORS, standing))
        found = standing(samples)
        if found.kind == "dense" and not callable(what) and not isinstance(what, str) \
                and tolerance is None:  # perhaps it was measured
            return measured(what, output_ndim, known) or found
        return found


def measured(J, output_ndim, known):
    """What is seen in a tensor that nothing was found in when it is taken for a measured one."""
    every = (standing(samples_of(J, (), output_ndim, known, None, noise, {})) for noise in NOISES)
    return next((found for found in every if found.kind != "dense"), None)


@np.errstate(all="ignore")
def standing(samples, deep=True):
    """The `Structure` whose line stands all trials; floating point says nothing on the way.

    A point that contradicts a line is looked at too in the next search. When no line stands them
    all, the one that holds next to the input is told with a point where it does not.
    """
    loose, near = replace(samples, more=list, further=samples.more), None
    limit = 10 * samples.tolerance
    for turn in range(ROUNDS):
        look = partial(looked_at, deep=(1, 2, 0, 0)[turn] if deep else 0)
        found = livelier(loose, look)  # which must be right where the tensor is all zero, too
        found = found if found and tried(loose, found.answer) <= limit else look(loose)
        found = replace(found, samples=replace(loose, more=samples.more))
        against = contradictions(samples, found.answer)
        core = reduced(loose, whole_core(loose))[0]
        odd = against or unnamed(found.answer) or "==" in found.numpy or doubtful(samples, core)
        masked = odd and with_mask(samples, core, found)
        if masked and masked is not found and not contradictions(samples, masked.answer) \
                and tried(loose, masked.answer) <= limit:
            return masked
        if not against and not (near and unnamed(found.answer)):
            return said_of_zeros(found)
        if not unnamed(found.answer) and found.kind != "zero":
            near = near or (found, against[0])
            if "linalg" in found.numpy and all(
                    gives_none(found.answer, samples, p) for p in against):
                break  # no search finds an inverse of what has none
        if not against or not (against[0].clear is None or against[0].clear.all()):
            break
        for point in (against[0], *alike(samples, against[0])):
            loose = loose.with_point(point)
    found, point = near or (found, against[0])
    return replace(found, caveat=fails_at(point.like, gives_none(found.answer, samples, point)))


def looked_at(samples, deep=2):
    """The `Structure` of what holds at the points of the samples.

    deep: look for long names too, which takes longer: 0 never, 1 where there is no name, 2 also
    where the name does not hold at further points.
    """
    whole = whole_core(samples)
    if not any(map(np.count_nonzero, samples.tensors)):
        shape = tuple(whole.sizes[x] for x in samples.inner)
        return Structure(samples, whole, (), Answer(
            "zero", (), 0, f"np.zeros({shape})", names=whole.names, multiplications=0,
            says="every entry is zero: Y does not depend on this input"), 0.0)
    core, constants = reduced(samples, whole)
    steady = deep and samples.at and proposed(core, steadied)  # one of the table has its own names
    if steady and tried(samples, steady) <= 10 * samples.tolerance and holds(samples, steady):
        return Structure(samples, core, constants, steady, tried(samples, steady))
    answer, error = best(samples, core)
    if constants and (answer is None or unnamed(answer)):  # a name may have those axes too
        tied = untied_first(replace(whole, pattern=core.pattern, letters=core.pattern.letters,
                                    arrays=[core.pattern.view(J) for J in samples.tensors]))
        other, wrong = best(samples, tied)
        if other and not unnamed(other):
            return Structure(samples, tied, (), other, wrong)
    if deep and (answer is None or unnamed(answer) or (deep > 1 and not holds(samples, answer))):
        answer, error = deeper_than(samples, core, constants, answer, error)
    if answer:
        return Structure(samples, core, constants, answer, error)
    answer = replaced(raw(whole), "dense", whole)
    return Structure(samples, whole, (), answer, tried(samples, answer))


def holds(samples, answer):
    """Whether a line stands at the further points that a deeper one would have to stand at."""
    return tried(replace(samples, more=samples.further), answer) <= 10 * samples.tolerance


def whole_core(samples):
    """The full tensors as a core."""
    start = Pattern(samples.outer, samples.inner)
    sizes = dict(zip((*samples.outer, *samples.inner), samples.tensors[0].shape, strict=True))
    names = Names(samples.names, input_name=samples.input_name, output_name=samples.output_name)
    return Core(start, start.letters, samples.tensors, sizes, names, samples.tolerance)


def reduced(samples, whole):
    """(core, constants): what ties and constants leave."""
    pattern = find_ties(samples.tensors, whole.pattern)
    blocks = [pattern.view(J) for J in samples.tensors]
    constants = find_constants(blocks, pattern.letters, samples.tolerance)
    arrays, letters = without(blocks, pattern.letters, constants)
    return untied_first(replace(whole, pattern=pattern, letters=letters, arrays=arrays)), constants


def searched(samples, depth):
    """(answer, error) for samples laid out otherwise, looked at more deeply `depth` times."""
    whole = whole_core(samples)
    if not any(map(np.count_nonzero, samples.tensors)):
        return None, np.inf
    core, constants = reduced(samples, whole)
    answer, error = best(samples, core)
    if answer is None or unnamed(answer):
        return deeper_than(samples, core, constants, answer, error, depth)
    return answer, error


def deeper_than(samples, core, constants, answer, error, depth=2):
    """A named answer in place of one that holds arrays of its own, or that one."""
    if core.size > LARGEST or len(core.arrays) < 2:
        return answer, error
    strict, near = replace(samples, more=samples.further), None
    try:
        for found in deep_answers(samples, core, constants, answer, depth):
            if found and not unnamed(found):
                found = replace(found, names=core.names)
                new = tried(strict, found)
                if new <= 10 * samples.tolerance:
                    return found, new
                if near is None and "linalg" in found.line:  # holds where there is an inverse
                    near = found, tried(samples, found)
    except np.linalg.LinAlgError:  # numbers that no name fits
        pass
    return near if near and near[1] <= 10 * samples.tolerance else (answer, error)


def deep_answers(samples, core, constants, answer, depth):
    """What deeper detectors and other layouts propose."""
    deep = with_words(core, constants, samples)
    kept = replace(replaced(raw(core.fork()), "dense", core), names=core.names)
    yield from turned_back(samples, core.pattern, kept, searched)
    yield proposed(deep, norms)
    yield from as_vector(samples, core.pattern, kept, searched)
    if depth:
        yield from parted(samples, kept, searched, depth - 1)
    yield from (proposed(deep, detector) for detector in DEEP)
    if answer:
        yield literal(answer, samples.tolerance)
    if depth:
        yield from otherwise(samples, core.pattern, kept, searched)


def best(samples, core):
    """(answer, error) of the cheapest answer that stands the test; (None, inf) if none does.

    A name that fits by accident falls at further points: then its array goes without one.
    """
    found = [(proposed(core, detector), detector) for detector in DETECTORS]
    nameless = replace(core, names=Names([{}] * len(core.arrays)))
    while found:
        found = sorted(((answer, detector) for answer, detector in found if answer),
                       key=lambda pair: pair[0].price[:2])
        answer, detector = found.pop(0) if found else (None, None)
        if answer is None:
            break
        error = tried(samples, answer)
        if error <= 10 * samples.tolerance:
            return answer, error
        if names_in(answer.line) & {*samples.names[0]}:
            found.append((proposed(nameless, detector), detector))
    return None, np.inf


def proposed(core, detector):
    """The answer of one detector, with its kind, its line and names of its own; or None."""
    own = core.fork()
    answer = detector(own)
    return answer and replaced(answer, kind_of(answer, core, detector is raw), own)


def kind_of(answer, core, unnamed):
    """The kind of an answer, told more closely where it is a core."""
    pattern = core.pattern
    if answer.kind == "core" and set(pattern.outer) == set(pattern.inner) == set(core.letters):
        return "elementwise"
    if answer.kind == "core" and unnamed and pattern.outer and pattern.inner \
            and not core.pattern_says():
        return "dense"
    return answer.kind


def replaced(answer, kind, core):
    """The answer with its kind, its line and its names."""
    shape = tuple(core.sizes[x] for x in core.pattern.inner)
    names = answer.names or core.names
    return replace(answer, kind=kind, names=names,
                   line=answer.line or line_of(answer.terms, shape, str(shape)))
