"""What is asked where no simple name was found: of whom, how deeply, and what is made of it."""

import sys
from types import SimpleNamespace

import numpy as np
import pytest

from helpers.calculus.discover import deeper, progress, search
from helpers.calculus.discover.cores import searched_for
from helpers.calculus.discover.naming.names import Names
from helpers.calculus.discover.own_operation import runs
from helpers.calculus.discover.points import Point
from helpers.calculus.discover.samples import Samples, from_tensor
from helpers.calculus.discover.search import reduced, whole_core
from helpers.calculus.discover.structure import Structure
from helpers.calculus.discover.terms import Answer, Core
from helpers.calculus.discover.ties import Pattern, letters_for
from helpers.calculus.discover.trials import error_with, said_of_zeros

random = np.random.default_rng(41)


def linear(f, shape, points=2, **more):
    """(samples, pattern) of a linear function, at inputs without zeros."""
    columns = [f(e.reshape(shape)) for e in np.eye(int(np.prod(shape)))]
    J = np.moveaxis(np.array(columns), 0, -1).reshape(*columns[0].shape, *shape)
    at = [{"X": x, "Y": f(x)} for x in random.standard_normal((points, *shape))]
    made = Samples([J] * points, at, *letters_for(J.ndim - len(shape), len(shape)), "X", 1e-11,
                   "f", **more)
    return made, reduced(made, whole_core(made))[0].pattern


def answer(line, stored=3, own=(), kind="core", **more):
    """An answer that has arrays of its own with these names."""
    names = Names([{}, {}])
    for name in own:
        names.add(name, [np.ones(2)] * 2)
    return Answer(kind, (), stored, line, names=names, **more)


class Asked:
    """A search that answers one after the other, and keeps what it was asked."""

    def __init__(self, *answers):
        self.answers, self.asked = list(answers), []

    def __call__(self, samples, depth):
        self.asked.append((samples.input_name, samples.shape, depth))
        return self.answers.pop(0), 0.0


KEPT = answer("G @ C", 99, ["C"], "dense")


# -- other layouts

def test_an_input_that_was_turned_is_not_laid_out_otherwise_again():
    samples, pattern = linear(lambda X: 2 * X[:, ::-1], (2, 3))
    asked = Asked(answer("2 * G * Z", 4, says="the numbers left are Z", multiplications=6))
    made, = deeper.turned_back(samples, pattern, KEPT, asked)
    assert asked.asked == [("Z", (2, 3, 2, 3), 0)]
    assert made.line == "(2 * G * X[:, ::-1])[:, ::-1]" and made.names is KEPT.names
    assert (made.kind, made.stored, made.multiplications) == ("core", 4, 6)
    assert made.says == "the numbers left are X[:, ::-1]"
    for nothing in (None, answer("G * C", own=["C"])):
        assert not list(deeper.turned_back(samples, pattern, KEPT, Asked(nothing)))
    plain, pattern = linear(lambda X: 2 * X, (2, 3))
    assert not list(deeper.turned_back(plain, pattern, KEPT, Asked()))
    bare = Samples(samples.tensors, [{}, {}], samples.outer, samples.inner, "X", 1e-11, "f")
    assert not list(deeper.turned_back(bare, Pattern(("k",), ("k",), (0,)), KEPT, Asked()))


@pytest.mark.parametrize("depth", [0, 1, 2])
def test_axes_in_two_parts_are_looked_at_as_deeply_as_is_left(depth):
    samples, _ = linear(lambda x: np.tile(x, 3), (5,))
    asked = Asked(answer("G.sum(0)", 0, says="w_split and w"))
    made, = deeper.parted(samples, KEPT, asked, depth)
    assert asked.asked == [("X", (3, 5, 5), depth)]
    assert (made.line, made.stored, made.says) == ("G.reshape(3, 5).sum(0)", 0, "w and w")
    whole, _ = linear(np.cumsum, (5,))
    assert not list(deeper.parted(whole, KEPT, Asked(), depth))


def test_pieces_of_the_input_are_added_up():
    samples, pattern = linear(lambda X: X[:, :3] + 2 * X[:, 3:], (2, 6))
    one = answer("G", 1, kind="constant", multiplications=0)
    two = answer("2 * G", 4, multiplications=6)
    asked = Asked(one, two, None)
    made, = deeper.otherwise(samples, pattern, KEPT, asked)
    assert asked.asked == [("X0", (2, 3, 2, 3), 0), ("X1", (2, 3, 2, 3), 0),
                            ("X0", (2, 3, 2, 2), 0)]
    assert made.line == "np.concatenate([G, 2 * G], 1)"
    assert (made.kind, made.stored, made.multiplications) == ("constant", 5, 6)
    assert made.says == "each piece of the input has a line of its own, side by side"
    asked = Asked(answer("G * C", own=["C"]), one, two, two)
    made, = deeper.otherwise(samples, pattern, KEPT, asked)
    assert [shape[-1] for _, shape, _ in asked.asked] == [3, 2, 2, 2]
    assert made.line == "np.concatenate([G, 2 * G, 2 * G], 1)" and made.stored == 9


def test_multiplications_are_those_of_the_pieces():
    samples, pattern = linear(lambda X: X[:, :3] + 2 * X[:, 3:], (2, 6))
    sizes = []

    class Counted(Answer):
        def products(self, by):
            sizes.append(by)
            return 10

    one = Counted("core", (), 1, "G", names=Names([{}]))
    made, *_ = deeper.otherwise(samples, pattern, KEPT, Asked(one, one, None))
    assert made.multiplications == 20 and sizes == [{"k": 2, "l": 3, "i": 2, "j": 3}] * 2


@pytest.mark.parametrize("depth, asked", [(0, []), (1, [0, "otherwise"]), (2, [1, "otherwise"])])
def test_what_was_laid_out_otherwise_is_so_at_most_once_more(monkeypatch, depth, asked):
    """Deep detectors, which ask for nothing here, stand between the two."""
    seen = []
    monkeypatch.setattr(search, "parted", lambda samples, answer, search, depth: (
        seen.append(depth) or []))
    monkeypatch.setattr(search, "otherwise", lambda *given: seen.append("otherwise") or [])
    monkeypatch.setattr(search, "turned_back", lambda *given: [])
    monkeypatch.setattr(search, "proposed", lambda core, detector: None)
    samples, _ = linear(np.cumsum, (3,))
    core, constants = reduced(samples, whole_core(samples))
    every = list(search.deep_answers(samples, core, constants, None, depth))
    assert seen == asked and every == [None] * (1 + len(search.DEEP))
    named = answer("G * C", own=["C"])  # its array may be written out
    last = list(search.deep_answers(samples, core, constants, named, 0))[-1]
    assert last.line == "G * np.array([1, 1])"


# -- words

def test_an_axis_of_y_alone_and_one_of_the_input_alone_may_have_words_of_two_letters():
    """Of three letters only if it is not mixed."""
    asked = []

    def find(names, arrays, letters, tolerance):
        asked.append((letters, tolerance))
        return "found"

    def told(letters, outer, inner, deeper=True):
        names = Names([{}], deeper=SimpleNamespace(find=find) if deeper else None)
        array = np.ones([2] * len(letters))
        return searched_for(Core(Pattern(tuple(outer), tuple(inner)), tuple(letters), [array],
                                 dict.fromkeys(letters, 2), names, 1e-7))

    assert told("ki", "k", "i") == told("klm", "klm", "klm") == told("k", "kl", "i") == "found"
    assert told("kli", "kl", "i") is None and told("ki", "k", "i", False) is None
    assert asked == [(("k", "i"), 1e-7), (("k", "l", "m"), 1e-7), (("k",), 1e-7)]


def test_words_are_looked_for_at_inputs_that_show_all():
    """Without zeros and equal entries; at all of them where fewer than two show it."""
    good, same, other = np.array([1.0, 2]), np.array([3.0, 3]), np.array([5.0, 7])
    J = np.diag([1.0, 2])

    def seen(*inputs, extra=()):
        s = Samples([J * i for i in range(1, len(inputs) + 1)], [{"X": x} for x in inputs], ("k",),
                    ("i",), "X", 1e-11, "f", extra=lambda: extra)
        core, constants = reduced(s, whole_core(s))
        made = deeper.with_words(core, constants, s)
        assert made.names.deeper is not None and len(made.arrays) == len(made.names.samples)
        assert (made.names.input_name, made.names.output_name) == ("X", "Y")
        return [a[0] for a in made.arrays], [at["X"][0] for at in made.names.samples]

    assert seen(good, same, other) == ([1, 3], [1, 5])
    assert seen(good, same) == ([1, 2], [1, 3])
    more = (8 * J, {"X": other}), (np.ones((2, 2)), {"X": other}), (9 * J, {"X": same})
    assert seen(good, same, extra=more) == ([1, 8], [1, 5])  # where the ties hold
    assert seen(same, same, extra=more) == ([1, 2, 8, 9], [3, 3, 5, 3])


# -- small and empty numbers

def test_what_is_said_to_be_noise_is_taken_off_a_tensor():
    """A tenth of the largest entry, and no less."""
    J = np.array([[0.5, 0.05, -0.05, 0.051, 0.0]])
    for size in (1.0, 2.0**-9, 2.0**9):
        made = from_tensor(size * J, 1, {}, 0.1)
        np.testing.assert_array_equal(made.tensors[0], size * np.array([[0.5, 0, 0, 0.051, 0]]))
        assert made.tolerance == 0.1 and made.warning == (
            "J is taken to be measured, right to within 1e-01 of its largest entry.")
    exact = from_tensor(J + 1e-9 * (J == 0), 1, {}, 0)
    assert exact.tolerance == 1e-11 and exact.tensors[0][0, 4] == 1e-9 and exact.warning == ""
    assert [(len(s.outer), len(s.inner)) for s in (from_tensor(J, n, {}) for n in (0, 1, 2))] == [
        (0, 2), (1, 1), (2, 0)]


def test_an_error_beside_slopes_of_zero_is_its_own_size():
    point = Point(np.zeros((2, 2)), {}, error=np.zeros((2, 2)))
    assert error_with("G * 0 + 2", np.ones(2), point) == 2
    assert error_with("G * 0", np.ones(2), point) == 0
    assert error_with("G * 0 + 2", np.ones(2), Point(np.zeros((2, 2)), {})) == 2


@pytest.mark.parametrize("values", [
    (1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1), (2,) * 4])
def test_what_is_flat_jumps_if_one_value_of_all_is_another(values):
    """Two points that were looked at, and two further ones."""
    J, at = np.zeros((1, 2)), [{"X": np.ones(2), "Y": np.array([float(v)])} for v in values]
    s = Samples([J, J], at[:2], ("k",), ("i",), "X", 1e-11, "f",
                more=lambda: [Point(J, names) for names in at[2:]])
    zero = answer("np.zeros((2,))", kind="zero", says="it is")
    found = Structure(s, whole_core(s), (), zero, 0.0)
    said = said_of_zeros(found).answer.says
    assert said == ("it is" if values[0] == 2 else "every slope is zero: Y is flat here, and jumps")
    alive = Structure(s, whole_core(s), (), answer("G", says="it is"), 0.0)
    assert said_of_zeros(alive) is alive


def test_an_axis_of_one_entry_may_grow():
    one = np.ones((1, 3))
    assert runs(lambda X: X @ np.ones((3, 2)), (one,), [(0, 0)])
    assert not runs(lambda X: X @ np.ones((3, 2)), (one,), [(0, 1)])
    assert runs(lambda A, B: A.T @ B, (one, one), [(0, 0), (1, 0)])


# -- the bar

class Bar:
    """What a bar was made with, and how often it moved on."""

    def __init__(self, items, **more):
        self.items, self.more, self.moves, self.closed = items, more, 0, False

    def __iter__(self):
        yield from self.items

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.closed = True

    def update(self):
        self.moves += 1


@pytest.fixture
def bars(monkeypatch):
    """Those that were made, in order."""
    made = []

    def bar(*items, **more):
        made.append(Bar(*items, **more))
        return made[-1]

    monkeypatch.setattr(progress, "kind", lambda: bar)
    return made


def test_a_bar_says_what_is_done_once_it_takes_two_seconds(bars):
    assert list(progress.shown([1, 2], "rows")) == [1, 2]
    bar, = bars
    assert bar.more == {"desc": "discover: rows", "unit": " calls", "delay": 2.0, "leave": False,
                        "file": sys.stderr, "mininterval": 0.2}
    assert list(progress.shown([3], "rows", " row")) == [3] and bars[1].more["unit"] == " row"
    with progress.watched("all"):
        assert bars[2].items is None and bars[2].more["unit"] == " steps"


def test_of_bars_within_another_the_outer_one_goes_on(bars):
    progress.tick()  # nothing is shown: nothing happens
    with progress.watched("all"):
        progress.tick()
        with progress.watched("a part"):
            progress.tick()
        for _ in progress.shown([1, 2], "rows"):
            progress.tick()  # this one stands for it
            with progress.watched("a part of a row"):
                progress.tick()
        progress.tick()
    outer, rows, *parts = bars
    assert outer.moves == 3 and outer.closed and outer.more["desc"] == "discover: all"
    assert rows.moves == 0 and [part.moves for part in parts] == [1, 1]
    assert all(part.closed for part in parts) and progress._now.get() is None
    with pytest.raises(KeyError), progress.watched("all"):
        raise KeyError
    assert progress._now.get() is None and bars[-1].closed
