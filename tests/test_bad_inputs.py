"""What is no array, in every place for one: the answer is right, or one line says why not."""

from decimal import Decimal

import numpy as np
import pytest

import helpers
from helpers import (
    MAPS,
    OPERATIONS,
    SURFACES,
    UNITS,
    BatchNormLab,
    ChainRuleLab,
    DepthLab,
    EditableArray,
    GradientDoctor,
    Graph,
    GraphStepper,
    JacobianExplorer,
    OrderPuzzle,
    ReplacementFinder,
    TensorView,
    check_gradients,
    commutation,
    compose,
    contract,
    cost,
    digits,
    discover,
    exercises,
    numerical_gradient,
    numerical_hessian,
    numerical_jacobian,
    operation,
    progress_bar,
    relative_error,
    stages,
    step_ladder,
    training_curves,
    unit_gallery,
    values,
    vec,
    vec_jacobian,
    verdict,
    weighted_slices,
)
from helpers.calculus.errors import LessonError
from tests.amount import amount

X = np.array([[1.0, -2.0], [0.5, 3.0]])


def stopping(*names, error=RuntimeError):
    """An object that stops when it is asked for what goes by these names."""
    def stop(self, *_, **__):
        raise error("no")

    return type("Stopping", (), dict.fromkeys(names, stop))()


class WithoutClass:
    """One that `isinstance` may not ask."""

    @property
    def __class__(self):
        raise RuntimeError("no")


class Tensor:
    """A tensor of a library that is broken."""

    @property
    def detach(self):
        return 1 / 0

    numpy = detach


def nested(depth):
    one = [1.0]
    for _ in range(depth):
        one = [one]
    return one


BAD = {
    "ragged": [[1], [2, 3]], "text": ["a", "b"], "dict": {"a": 1}, "set": {1, 2}, "none": None,
    "generator": (i for i in range(3)), "bytes": b"ab", "complex": 1j * X, "huge": [10**400],
    "object": np.array([1, "a", None], object), "deep": nested(2000), "type": int, "module": np,
    "decimals": [Decimal(1)], "masked": np.ma.masked_greater(X, 0), "0d": np.array(1.0),
    "empty": [], "records": np.zeros(2, [("a", float)]), "date": np.datetime64("2020-01-01"),
    "__getattribute__": stopping("__getattribute__"), "__getattr__": stopping("__getattr__"),
    "__class__": WithoutClass(), "__array__": stopping("__array__"), "tensor": Tensor(),
    "__len__": stopping("__len__", "__getitem__"), "__repr__": stopping("__repr__", "__str__"),
    "__iter__": stopping("__iter__"), "__float__": [stopping("__float__", "__index__")],
    "__eq__": stopping("__eq__", "__hash__", "__bool__"), "inside": [stopping("__getattribute__")],
    "memory": stopping("__array__", error=MemoryError), "nan": np.full((2, 2), np.nan),
    "recursion": stopping("__array__", error=RecursionError),
}


def twice(X):
    return 2 * X


def back(G, X):
    return 2 * G


def square(x):
    return (x * x).sum()


TAKERS = {
    "a row": lambda bad: operation("relu")(bad),
    "its vjp": lambda bad: operation("relu").vjp(bad, X),
    "check of a row": lambda bad: check_gradients("relu", bad),
    "check": lambda bad: check_gradients(twice, back, bad),
    "check of the second": lambda bad: check_gradients(
        lambda X, W: 2 * X, lambda G, X, W: (2 * G, None), X, bad),
    "check, by name": lambda bad: check_gradients(
        lambda X, w=1: 2 * X, lambda G, X, w=1: 2 * G, X, w=bad),
    "check of no function": lambda bad: check_gradients(bad, back, X),
    "check without backward": lambda bad: check_gradients(twice, bad, X),
    "check, forward gives": lambda bad: check_gradients(lambda X: bad, back, X),
    "check, backward gives": lambda bad: check_gradients(twice, lambda G, X: bad, X),
    "seed": lambda bad: check_gradients("relu", X, seed=bad),
    "parameter": lambda bad: check_gradients("relu", X, at_zero=bad),
    "jacobian": lambda bad: numerical_jacobian(twice, bad),
    "jacobian of what gives": lambda bad: numerical_jacobian(lambda x: bad, X),
    "gradient": lambda bad: numerical_gradient(square, bad),
    "gradient of what gives": lambda bad: numerical_gradient(lambda x: bad, X),
    "Hessian": lambda bad: numerical_hessian(square, bad),
    "discover": lambda bad: discover(twice, bad),
    "discover of what gives": lambda bad: discover(lambda X: bad, X),
    "discover, known": lambda bad: discover(twice, X, known=bad),
    "discover, known by name": lambda bad: discover(twice, X, known={"a": bad}),
    "discover of a tensor": lambda bad: discover(bad, output_ndim=1),
    "operation": operation, "cost": lambda bad: cost("relu", n=bad),
    "cost by": lambda bad: cost("relu", bad), "cost of": cost, "vec": vec,
    "contract G": lambda bad: contract(bad, np.ones((2, 2, 2, 2))),
    "contract J": lambda bad: contract(X, bad),
    "contract, layout": lambda bad: contract(X, np.ones((2, 2, 2, 2)), bad),
    "relative error": lambda bad: relative_error(bad, X), "verdict": verdict,
    "chain": lambda bad: compose(bad),
    "commutation": lambda bad: commutation(bad, 2), "Graph": Graph,
    "vec_jacobian": lambda bad: vec_jacobian(X, bad), "Graph x": lambda bad: Graph("2*x", x=bad),
    "stages": stages, "slices": lambda bad: weighted_slices([1.0, 2.0], bad),
    "values": lambda bad: values("relu", bad), "unit": lambda bad: values(bad, X),
    "explorer": lambda bad: JacobianExplorer("relu", bad), "explorer of": JacobianExplorer,
    "explorer, own": lambda bad: JacobianExplorer(twice, bad),
    "explorer, size": lambda bad: JacobianExplorer("relu", n=bad),
    "explorer, parameter": lambda bad: JacobianExplorer("relu", at_zero=bad),
    "explorer, layout": lambda bad: JacobianExplorer("relu", layout=bad),
    "explorer, set": lambda bad: JacobianExplorer("relu", X).set(G=bad),
    "doctor": lambda bad: GradientDoctor(twice, back, bad),
    "doctor, wrt": lambda bad: GradientDoctor(twice, back, X, wrt=bad),
    "doctor, mode": lambda bad: GradientDoctor(twice, back, X, mode=bad),
    "array": EditableArray, "tensor": lambda bad: TensorView(bad, 1),
    "array, axes": lambda bad: EditableArray(X, axes=bad),
    "tensor, axes": lambda bad: TensorView(X, 1, axes=bad),
    "tensor, split": lambda bad: TensorView(X, bad),
    "tensor, mode": lambda bad: TensorView(X, 1, mode=bad), "batch norm": BatchNormLab,
    "batch norm, gamma": lambda bad: BatchNormLab(X, gamma=bad),
    "batch norm, mode": lambda bad: BatchNormLab(X, mode=bad),
    "batch norm, step": lambda bad: BatchNormLab(X, step=bad), "stepper": GraphStepper,
    "stepper, x": lambda bad: GraphStepper("2*x", x=bad),
    "stepper, step": lambda bad: GraphStepper("2*x", x=1, step=bad), "puzzle": OrderPuzzle,
    "puzzle, seed": lambda bad: OrderPuzzle(seed=bad),
    "puzzle, order": lambda bad: OrderPuzzle(4).set(order=bad), "finder": ReplacementFinder,
    "finder, seed": lambda bad: ReplacementFinder(seed=bad),
    "finder, x": lambda bad: ReplacementFinder(twice, bad),
    "exercise": exercises.relu6_backward.check,
    "stepper, fuse": lambda bad: GraphStepper(fuse=bad),
    "stepper, one to fuse": lambda bad: GraphStepper(fuse=[bad]),
    "stepper, set fuse": lambda bad: GraphStepper().set(fuse=bad),
    "stepper, quiz": lambda bad: GraphStepper(quiz=bad),
    "puzzle, checked": lambda bad: OrderPuzzle().set(checked=bad),
    "gallery": lambda bad: unit_gallery(bad), "ladder": step_ladder,
    "ladder of": lambda bad: step_ladder({"a": bad}),
    "ladder, errors": lambda bad: step_ladder({"a": ([0.1, 0.01], bad)}),
    "curves": training_curves, "curves of": lambda bad: training_curves({"a": bad}),
    "digits": digits, "bar": lambda bad: progress_bar(bad),
    "bar, total": lambda bad: progress_bar([], total=bad),
    "exercise, two answers": lambda bad: exercises.gate_gradients.check(bad, bad),
    "exercise that gives": lambda bad: exercises.relu6_backward.check(lambda *_: bad),
}
LABS = ("ActivationLab", "DepthLab", "DeadReluLab", "ZigZagLab", "CollapseLab", "OutputLossLab",
        "ChainRuleLab", "HessianLab", "ChainCountLab", "TrainingCurve")
TAKERS |= {f"{lab}, {control.name}": lambda bad, lab=lab, name=control.name: getattr(
    helpers, lab)(**{name: bad}) for lab in LABS for control in getattr(helpers, lab).controls
    if type(control).__name__ != "Press"}


def complaint(call, bad):
    """What a call says against its argument, or nothing."""
    try:
        with np.errstate(all="ignore"):
            call(bad)
    except LessonError as error:
        return str(error)
    return ""


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", TAKERS)
def test_what_is_no_array_is_refused_in_one_line(name):
    """Every kind in a soak; else each place has its share, and neighbours have other ones."""
    shares = amount(check=8, test=3, soak=1)
    for kind in [*BAD][[*TAKERS].index(name) % shares::shares]:
        bad = BAD[kind]
        said = complaint(TAKERS[name], bad)
        assert said.isprintable() and len(said) <= 400, (kind, said)


@pytest.mark.parametrize(("call", "line"), [
    (lambda: numerical_jacobian(np.sin, BAD["__array__"]),
     "x must hold numbers, but stopped when it was read, with RuntimeError: no. Give an array."),
    (lambda: numerical_jacobian(3, X), "f must be a function of one array, not 3."),
    (lambda: check_gradients("relu", X, seed=-1),
     "check_gradients: seed must be a whole number from 0, not -1."),
    (lambda: check_gradients(3, X), "check_gradients needs a function, or a layer with forward and "
     "backward, not 3."),
    (lambda: check_gradients(twice, back, X, seed=[1]),
     "check_gradients: seed must be a whole number from 0, not [1]."),
    (lambda: operation("relu")(BAD["masked"]), "relu: X is a masked array with hidden entries, "
     "which have no value: fill them first, as in x.filled(0)."),
    (lambda: values("relo", 1.0), "There is no unit 'relo'. There are: sigmoid, tanh, ReLU, leaky "
     "ReLU, PReLU, ELU, softplus, maxout, GELU, SiLU."),
    (lambda: TensorView(X, 1, axes=3),
     '∂Y/∂X: axes must be a text of letters such as "n h", not 3.'),
    (lambda: vec_jacobian(X, 3), "vec_jacobian: output_ndim is 3, but J of shape (2, 2) has 2 "
     "axes: choose a whole number from 0 to 2."),
    (lambda: commutation(10**400, 2), "This permutation is far over the limit of 1.1 GB: use vec "
     "and unvec: they only copy."),
    (lambda: cost("relu", n=1e308), "relu: axis n is 1e+308, beyond 2**53 = "
     "9,007,199,254,740,992, up to which counts are exact."),
    (lambda: stages([1.0]), "stages: X has shape (1,), but must be a batch (n, h) of 1 or more."),
    (lambda: exercises.gate_gradients.check(13, -13), "gate_gradients: check takes one answer, not "
     "2. Several values are one tuple, with brackets of its own: check((1, 2))."),
    (lambda: unit_gallery("foo"), "unit_gallery: threshold must hold real numbers, but holds the "
     "text 'foo'. Convert it, for example with np.array(…, dtype=float)."),
    (lambda: relative_error([1.0, 2.0], ["1", "2"]), "relative_error: B must hold real numbers, "
     "but holds the text '1'. Convert it, for example with np.array(…, dtype=float)."),
    (lambda: relative_error(1j, 1.0), "relative_error: A must hold real numbers, but has dtype "
     "complex128. Convert it, for example with np.array(…, dtype=float)."),
    (lambda: OPERATIONS["relu"]([[1, None], [2, 3]]), "relu: X must hold real numbers, but holds "
     "None. Give an array of floats."),
    (lambda: OPERATIONS["relu"]([10**30, 1]), "relu: X must hold real numbers, but holds "
     "1000000000000000000000000000000. Give an array of floats."),
    (lambda: numerical_gradient(X, np.sum), "x must hold real numbers, but is a function. Give an "
     "array; a function comes before its array."),
    (lambda: MAPS[["polar"]], "There is no map ['polar']. There are: linear, rotation, polar, sine "
     "warp, squash by tanh, squash by sigmoid, relu layer, matrix to space, saddle in space, tanh "
     "layer to space, matrix to plane, tanh layer to plane, mix to plane."),
    (lambda: UNITS["relu"], "There is no unit 'relu'. There are: sigmoid, tanh, ReLU, leaky ReLU, "
     "PReLU, ELU, softplus, maxout, GELU, SiLU."),
    (lambda: GraphStepper("x*y", 1, 2), "GraphStepper takes values by their names, as in "
     "GraphStepper(\"x*y\", x=1, y=2), not 1 alone."),
    (lambda: SURFACES["peano"], "There is no surface 'peano'. There are: bowl, saddle, valley, "
     "waves, Peano's twist."),
    (lambda: MAPS["polarr"], "There is no map 'polarr'. There are: linear, rotation, polar, sine "
     "warp, squash by tanh, squash by sigmoid, relu layer, matrix to space, saddle in space, tanh "
     "layer to space, matrix to plane, tanh layer to plane, mix to plane."),
    (lambda: DepthLab(depth=99), "depth: layers is 99; it must lie from 1 to 50."),
    (lambda: DepthLab().set(bias=99), "bias is 99; it must lie from -2 to 2."),
    (lambda: ChainRuleLab(first="polarr"), "first: y = cannot be 'polarr'. It can be: linear, "
     "rotation, polar, sine warp, squash by tanh, squash by sigmoid, relu layer, matrix to space, "
     "saddle in space, tanh layer to space."),
    (lambda: contract("a", X), "contract: G must hold numbers, but holds the text 'a'. Convert it, "
     "for example with np.array(…, dtype=float)."),
    (lambda: TensorView(np.sum), "∂Y/∂X must hold real numbers, but is a function. Give an array; "
     "a function comes before its array."),
    (lambda: discover([1.0, 2.0], np.cumsum), "discover: the function comes first, then its input: "
     "discover(f, x), not discover([1.0, 2.0], f)."),
    (lambda: ReplacementFinder(np.cumsum), "discover: give the input too: discover(f, x), or "
     'discover(f, x, known={"W": W}) with arrays that its answer may name.'),
    (lambda: JacobianExplorer("relu", n="3"), "Axis n cannot have size '3': choose a whole number "
     "from 1 to 32."),
    (lambda: JacobianExplorer("relu", n=None), "Axis n cannot have size None: choose a whole "
     "number from 1 to 32."),
    (lambda: cost("relu", n="64"), "relu: axis n must be a whole number from 0 up, not '64'."),
    (lambda: cost("relu", n=10**30), "relu: axis n is 1000000000000000000000000000000, beyond "
     "2**53 = 9,007,199,254,740,992, up to which counts are exact."),
    (lambda: cost("relu", n=-10**30), "relu: axis n must be a whole number from 0 up, not "
     "-1000000000000000000000000000000."),
    (lambda: exercises.use(X > 0), "exercises.use takes functions themselves, not called, as in "
     "exercises.use(relu_backward), not array([[ True, False], [ True, True]])."),
    (lambda: exercises.use(), "exercises.use takes functions themselves, not called, as in "
     "exercises.use(relu_backward), not nothing."),
    (lambda: exercises.keep_progress("no"), "keep_progress takes True or False, not 'no': "
     "exercises.keep_progress(False) keeps none."),
    (lambda: unit_gallery([0.1, 0.2]), "unit_gallery: threshold must be one number, but has shape "
     "(2,)."),
    (lambda: step_ladder("a"), "step_ladder: curves must be a dict of 1 to 4, from a label to its "
     "steps and errors, not 'a'."),
    (lambda: step_ladder({"a": 3}), "step_ladder: a must be a pair (steps, errors), not 3."),
    (lambda: step_ladder({"a": ([0.1, 0.01], [1])}), "step_ladder: a has steps of shape (2,) and "
     "errors of shape (1,): there must be one error for each step."),
    (lambda: step_ladder({"a": ([0.1, 0], [1, 2])}), "step_ladder: a has steps that are not above "
     "0: a log scale has no place for them."),
    (lambda: training_curves(3), "training_curves: runs must be a dict from a name to an array of "
     "shape (seeds, points, 3), not 3."),
    (lambda: training_curves({"a": X}), "training_curves: a has shape (2, 2), but must be (seeds, "
     "points, 3): step, loss and accuracy."),
    (lambda: digits(seed="a"), "digits: seed must be a whole number from 0, not 'a'."),
    (lambda: digits(np.ones((1, 2))),
     "digits: seed must be a whole number from 0, not array([[1., 1.]])."),
    (lambda: OrderPuzzle().set(checked=np.ones((1, 2))),
     "OrderPuzzle: checked must be True or False, not array([[1., 1.]])."),
    (lambda: GraphStepper(fuse=5), "GraphStepper: fuse must be the name of a gate, or a list of "
     "such, not 5. Choose sigmoid, softplus, tanh, relu."),
    (lambda: GraphStepper(quiz=np.ones((1, 2))),
     "GraphStepper: quiz must be True or False, not array([[1., 1.]])."),
    (lambda: progress_bar("a"), "progress_bar: steps must be what a loop goes through, as "
     "range(100) does, not 'a'."),
    (lambda: progress_bar([], total="a"), "progress_bar: total must be a number, not 'a'."),
    (lambda: check_gradients(twice, back, BAD["masked"]), "X is a masked array with hidden "
     "entries, which have no value: fill them first, as in x.filled(0)."),
    (lambda: check_gradients(lambda X, w=1: 2 * X, back, X, w=BAD["masked"]), "w is a masked array "
     "with hidden entries, which have no value: fill them first, as in x.filled(0)."),
    (lambda: JacobianExplorer(lambda X: X, np.ones([1] * 7)), "A full tensor of shape (1, 1, 1, 1, "
     "1, 1, 1, 1, 1, 1, 1, 1, 1, 1) has 14 axes, more than there are letters for (6): give arrays "
     "with fewer axes."),
])
def test_the_line_says_what_was_wrong_and_what_to_do(call, line):
    with pytest.raises(LessonError) as caught:
        call()
    assert str(caught.value) == line


def test_a_widget_is_saved_in_a_folder_that_is_there(tmp_path):
    for name in ("x.html", "x.png"):
        with pytest.raises(LessonError) as caught:
            DepthLab().save(tmp_path / "none" / name)
        assert str(caught.value) == (f"There is no folder {tmp_path / 'none'}: make it, or save "
                                     f"{name} in another.")


def test_a_size_is_one_number_however_large_the_array_is():
    """A view of 8 bytes, of which a copy would take 8 TB."""
    wide = np.broadcast_to(np.int64(3), (10**6, 10**6))
    with pytest.raises(LessonError, match=r"^relu: axis n must be a whole number from 0 up, not"):
        cost("relu", n=wide)
    with pytest.raises(LessonError, match=r"x of shape .* has 1,000,000,000,000,000,000 entries"):
        numerical_jacobian(np.sin, np.broadcast_to(np.int64(3), (10**9, 10**9)))


@pytest.mark.filterwarnings("ignore:the matrix subclass")
def test_a_masked_array_that_hides_nothing_and_a_matrix_are_arrays():
    for given in (np.ma.masked_array(X), np.matrix(X)):
        assert check_gradients(np.sin, lambda G, X: G * np.cos(X), given).passed
        assert np.array_equal(operation("relu")(given), np.maximum(X, 0))


def test_a_parameter_may_be_an_array_of_one_number():
    assert JacobianExplorer("relu", at_zero=np.array(0.5)).parameters == {"at_zero": 0.5}
