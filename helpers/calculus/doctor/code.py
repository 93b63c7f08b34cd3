"""Somebody's forward and backward pass as functions of float64 arrays by name."""

import contextlib
import copy
import inspect
import warnings
from dataclasses import dataclass

import numpy as np

from ...words import brief, said
from ..errors import CodeError, LessonError, NumberError, is_a, where
from ..jacobian import as_array
from ..silence import silent
from . import calling, forms, layers
from .arrays import Place, is_numbers, is_tensor, leaves, like, plain, real, rebuilt


@dataclass(frozen=True)
class Pass:
    """One forward and one backward pass.

    gradients: arrays by input; changed: the names of the arrays that forward, and that backward
    wrote to; shared: pairs of inputs whose gradients are one memory; single: whether float32 or
    less came out of either.
    """

    Y: np.ndarray
    gradients: dict
    changed: dict
    shared: tuple
    single: bool


class Session:
    """One forward pass on copies of everything, and the backward passes that follow it."""

    def __init__(self, code, values):
        self.code, self.values = code, values
        self.layer, self.arguments, self.keywords = code.prepared(values)
        self.layers = layers.layers_of(self.layer)  # forward may give them other names
        returned = self.call(code.forward, "forward", self.arguments,
                             code.for_forward(self.keywords))
        if code.backward is None:
            if not isinstance(returned, tuple) or len(returned) < 2:
                raise CodeError("there is no backward: give check_gradients(forward, backward, …), "
                                "or a function that returns its loss and the gradient.")
            self.out, self.kept = returned[0], returned[1:]
        else:
            with reading("what forward gives"):
                self.out, self.kept = forms.split(returned)
        with reading("what forward gives"):
            self.Y = np.array(plain(self.out, "the output of forward"))
        if self.Y.dtype == bool:
            raise CodeError("forward gives True and False, which have no slope: where 1 and 0 are "
                            "meant, multiply them by 1.0.")

    def call(self, method, role, arguments, keywords):
        """One call: silent, without warnings; an exception becomes one line."""
        function = getattr(self.layer, method) if isinstance(method, str) else method
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"), silent():
                warnings.simplefilter("ignore")
                return function(*arguments, **keywords)
        except LessonError:
            raise
        except Exception as error:
            raise CodeError(told(error, function, role, self.values)) from error

    def pull(self, G):
        """({input: gradient as it came}, the G that backward was given)."""
        code = self.code
        if code.backward is None:
            return self.collect(self.kept[0] if len(self.kept) == 1 else self.kept), G
        upstream = like(np.array(G), self.out, code.wide)
        arguments = forms.filled(code.plan, upstream, self.out, self.kept, self.arguments)
        method = code.method(self.layer, code.backward)
        keywords = forms.accepted(method, self.keywords, len(arguments))
        return self.collect(self.call(code.backward, "backward", arguments, keywords)), upstream

    def collect(self, returned):
        """{input: gradient}: what was returned, and what the layer keeps beside its arrays."""
        code = self.code
        inputs = [name for name, place in code.places.items() if place.kind != "own"]
        shapes = {name: code.values[name].shape for name in inputs}
        with reading("what backward gives"):
            found = self.mirrored(returned)
            if found is None:
                found = forms.by_input(returned, code.every_argument(), inputs, shapes,
                                       code.taken())
        if self.layer is not None:
            for name, place in code.places.items():
                path, *own = place.keys[0] if place.kind == "own" else ("", name)
                kept = layers.beside(self.layers[path], tuple(own))
                if kept and name not in found:
                    found[name] = kept[0]
        return found

    def mirrored(self, returned):
        """{input: gradient} where these are built as the arguments, or None."""
        code = self.code
        built = forms.mirrored(returned, code.arguments)
        return built and {name: built[place.keys] for name, place in code.places.items()
                          if place.kind == "argument" and place.keys in built}

    def written(self):
        """The names of the arrays that are no longer what they were."""
        sources = {"argument": self.arguments, "keyword": self.keywords}
        found = []
        for name in self.code.names:
            place = self.code.places[name]
            value = sources.get(place.kind)  # a layer may take a step with its parameters
            if value is None:
                continue
            for key in place.keys:
                value = value[key]
            before = plain(like(self.values[name], place.given, self.code.wide), name)
            if not np.array_equal(plain(value, name), before, equal_nan=True):
                found.append(name)
        return found


class OwnCode:
    """`forward` and `backward`, in any of the forms that people have, as functions of arrays.

    values: float64 arrays by name; names: those by which backward gives a gradient; Y: the output
    there; plan: how backward is called; takes_G: whether it is given an upstream gradient. A layer
    (an object with both methods) is copied before every pass.
    """

    def __init__(self, forward, backward, arguments, keywords):
        self.given = forward, backward
        self.arguments, self.keywords = list(arguments), dict(keywords)
        with reading("forward", "Give a function, or a layer with forward and backward."):
            self.layer, self.forward, self.backward = methods(forward, backward)
            required, optional, _ = forms.parameters(self.method(self.layer, self.forward))
        known = required + optional
        self.argument_names = [known[i] if i < len(known) else f"x{i}"
                               for i in range(len(arguments))]
        with reading("the input"):
            self.places = self.find_places()
        self.values = {name: real(place.given, name) for name, place in self.places.items()}
        self.wide = True
        first = self.first_session()
        self.Y, self.plan, self.takes_G, self.names = first.Y, (), False, ()
        if not np.array_equal(self.Y, Session(self, self.values).Y, equal_nan=True):
            raise CodeError("forward gives another output when it is called again with the same "
                            "input: take what is random out of it, or give it a fixed seed.")
        if backward is not None or self.backward is not None:
            calling.choose(self, len(first.kept))
        self.adopt_parameters()
        found = self.run(self.values, np.ones(self.Y.shape)).gradients
        if not found:
            raise CodeError("backward gives no gradient: does it end with `return`? A layer may "
                            "also keep dW and db beside its W and b.")
        self.names = tuple(name for name in self.values if name in found)

    def first_session(self):
        """A `Session`; tensors keep their precision where forward does not take float64."""
        try:
            return Session(self, self.values)
        except CodeError:  # where there are no tensors it stops again
            self.wide = False
        return Session(self, self.values)

    @property
    def name(self):
        """What somebody's function or layer is called."""
        name = getattr(self.given[0], "__name__", type(self.given[0]).__name__)
        return "forward" if name == "<lambda>" else name

    def method(self, layer, method):
        """The function itself, of this layer where it is the name of a method."""
        return getattr(layer, method) if isinstance(method, str) else method

    def for_forward(self, keywords):
        """The keywords that are meant for forward: those for backward alone it would not take."""
        method = self.method(self.layer, self.forward)
        return forms.accepted(method, keywords)

    def every_argument(self):
        """The names of everything that forward is given, dicts by their keys, in order."""
        found = []
        for i, name in enumerate(self.argument_names):
            inside = [label for label, place in self.places.items()
                      if place.kind == "argument" and place.keys[0] == i]
            found += inside or [name]
        return found + [label for label, place in self.places.items() if place.kind == "keyword"]

    def taken(self):
        """The names of the inputs that backward is given by place."""
        numbers = [part[1] for part in self.plan if part[0] == "argument"]
        return [name for name, place in self.places.items()
                if place.kind == "argument" and place.keys[0] in numbers]

    def find_places(self):
        """The `Place` of every array of real numbers, by name."""
        rows = [(label, Place("argument", (i, *keys), leaf))
                for i, (name, value) in enumerate(zip(self.argument_names, self.arguments,
                                                      strict=True))
                for label, keys, leaf in leaves(name, value)]
        rows += [(name, Place("keyword", (name,), value)) for name, value in self.keywords.items()
                 if is_tensor(value) or has_axes(value)]
        for name, value in [*((name, place.given) for name, place in rows), *self.keywords.items()]:
            if is_a(value, np.ma.MaskedArray):  # refused where it hides entries
                as_array(value, name)
        numbers = [(name, place) for name, place in rows if is_numbers(place.given)]
        if not numbers:  # whole numbers alone: they stand for real ones
            numbers = [(name, place) for name, place in rows if is_whole(place.given)]
        if not numbers and self.layer is None:
            raise NumberError("check_gradients needs an array of real numbers after forward and "
                              "backward, to differentiate by.")
        labels = [name for name, _ in numbers]
        return {name if labels.count(name) == 1 else f"{name} of {self.container(p.keys)}": p
                for name, p in numbers}

    def container(self, keys):
        """What the list or dict is called in which an array stands."""
        return self.argument_names[keys[0]] + "".join(f"[{key!r}]" for key in keys[1:-1])

    def adopt_parameters(self):
        """Add the arrays of which a layer also keeps the gradient, or one in it: `W` with `dW`."""
        if self.layer is None:
            return
        session = Session(self, self.values)
        session.pull(np.ones(self.Y.shape))
        before = layers.layers_of(self.layer)
        for ways, given in layers.parameters(before, session.layers):
            name = layers.name_of(ways[0])
            if name not in self.places:
                self.places[name] = Place("own", ways, given)
                self.values[name] = real(given, name)
                path, *own = ways[0]
                kept = [layers.beside(one[path], tuple(own)) for one in (before, session.layers)]
                if self.is_idle(name, layers.is_stale(*kept)):
                    del self.places[name], self.values[name]

    def is_idle(self, name, stale):
        """Whether this array is no parameter here, but what an earlier pass has left in a layer.

        It moves nothing, and forward writes over it or its gradient is `stale`.
        """
        value = self.values[name]
        moved = value + (0.01 * np.abs(value) + 0.001)  # away from itself, whatever its size
        try:
            session = Session(self, {**self.values, name: moved})
        except LessonError:
            return False
        path, *own = self.places[name].keys[0]
        return np.array_equal(session.Y, self.Y, equal_nan=True) and (
            stale or not layers.stays(session.layers[path], own, moved))

    def prepared(self, values):
        """(layer, arguments, keywords) with these values in their places; nothing is shared."""
        layer, arguments = copied(self.layer), [copied(value) for value in self.arguments]
        keywords = {name: copied(value) for name, value in self.keywords.items()}
        inside = layers.layers_of(layer)
        for name, place in self.places.items():
            leaf = like(values[name].copy(), place.given, self.wide)
            first, *rest = place.keys
            if place.kind == "argument":
                arguments[first] = rebuilt(arguments[first], rest, leaf)
            elif place.kind == "keyword":
                keywords[first] = leaf
            else:
                for way in place.keys:
                    layers.put(inside, way, leaf)
        return layer, arguments, keywords

    def value(self, values):
        """The output of forward as an array; complex numbers pass through."""
        return Session(self, values).Y

    def run(self, values, G, instead=None):
        """The `Pass` at these values with this G; backward gets new arrays `instead` of them."""
        session = Session(self, values)
        changed = {"forward": session.written()}
        if instead is not None:
            _, session.arguments, session.keywords = self.prepared(instead)
        found, upstream = session.pull(G)
        changed["backward"] = [name for name in session.written()
                               if name not in changed["forward"]]
        given = plain(like(G, session.out, self.wide), "G")
        if not np.array_equal(plain(upstream, "G"), given, equal_nan=True):
            changed["backward"].insert(0, "G")
        with reading("what backward gives"):
            arrays = {name: plain(value, f"the gradient of {name}")
                      for name, value in found.items()}
        single = any(a.dtype.itemsize <= 4 and a.dtype.kind == "f"
                     for a in (session.Y, *arrays.values()))
        gradients = {name: real(array, name) for name, array in arrays.items()}
        return Pass(np.array(session.Y, float), gradients, changed, shared(arrays), single)

    def twice(self, values, G, other):
        """What backward returns for G, as it is before and after a call for `other`.

        What a layer keeps in its attributes may well change with every call; and it may be that
        after one forward pass backward can be called once, which changes nothing.
        """
        session = Session(self, values)
        found, _ = session.pull(G)
        if self.layer is not None:
            inside = {id(leaf) for leaf in layers.held(session.layer).values()}
            found = {name: value for name, value in found.items()
                     if self.places[name].kind != "own" and id(value) not in inside}
        before = {name: real(value, name) for name, value in found.items()}
        with contextlib.suppress(CodeError):
            session.pull(other)
        return before, {name: real(value, name) for name, value in found.items()}


@contextlib.contextmanager
def reading(what, wanted="Give arrays, or a tuple, list or dict of them."):
    """While somebody's own objects are asked for their parts: what they raise becomes one line."""
    try:
        yield
    except LessonError:
        raise
    except Exception as error:
        raise CodeError(f"{what} cannot be read, {type(error).__name__}: {said(error)}. "
                        f"{wanted}") from error


def copied(value):
    """A deep copy, or the thing itself where it lets itself not be copied."""
    try:
        return copy.deepcopy(value)
    except Exception:
        return value


def methods(forward, backward):
    """(layer, forward, backward): a layer and the names of its methods, or None and functions."""
    if inspect.isclass(forward) and hasattr(forward, "forward"):
        try:
            forward = forward()
        except TypeError as error:
            raise CodeError(f"make a layer first: check_gradients({forward.__name__}(…), X), for "
                            f"{error}.") from error
    if not callable(forward) and not hasattr(forward, "forward"):
        raise CodeError("check_gradients needs a function, or a layer with forward and backward, "
                        f"not {brief(forward)}.")
    if backward is None:
        if hasattr(forward, "forward") and hasattr(forward, "backward"):
            return forward, "forward", "backward"
        return None, forward, None
    owner = getattr(backward, "__self__", None)
    if owner is None or inspect.ismodule(owner):
        return None, forward, backward
    if getattr(forward, "__self__", None) is owner:
        return owner, forward.__name__, backward.__name__
    return (owner, "__call__", backward.__name__) if forward is owner else (None, forward, backward)


def is_whole(value):
    """Whether this is an array, tensor or list of whole numbers."""
    try:
        return not is_a(value, dict | str) and plain(value, "").dtype.kind in "iu"
    except NumberError:
        return False


def has_axes(value):
    """Whether this is, or can be made, an array of more than one number."""
    try:
        return as_array(value, "").ndim > 0
    except NumberError:
        return False


def shared(arrays):
    """The pairs of names whose arrays lie in the same memory."""
    names = list(arrays)
    return tuple((a, b) for i, a in enumerate(names) for b in names[i + 1:]
                 if np.shares_memory(arrays[a], arrays[b]))


def told(error, function, role, values):
    """Somebody's exception in one line: where, its type, its text, the shapes."""
    at = where(error, function)
    text = said(error)
    shapes = ", ".join(f"{name} {value.shape}" for name, value in values.items())
    return (f"{role} stopped{at and ' '}{at}: {type(error).__name__}{text and ': '}{text} "
            f"(with {shapes}).")
