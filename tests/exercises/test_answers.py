"""Right answers pass, in any style; each wrong one draws its own diagnosis."""

import numpy as np
import pytest

from helpers.calculus.mistakes import REMEDY
from helpers.exercises import EXERCISES, use
from tests.exercises.one_formula import ONE_FORMULA, ONE_NUMBER
from tests.exercises.public_code import PUBLIC
from tests.exercises.right_answers import RIGHT
from tests.exercises.written import answer, define
from tests.exercises.wrong_answers_1_to_4 import FIRST
from tests.exercises.wrong_answers_5_to_7 import LATER
from tests.exercises.wrong_answers_deeper import DEEPER

every = pytest.mark.parametrize("exercise", EXERCISES.values(), ids=lambda exercise: exercise.name)
WRONG = {**FIRST, **LATER, **DEEPER}
ROWS = [(EXERCISES[name], *row) for table in (WRONG, PUBLIC)
        for name, rows in table.items() for row in rows]


@every
def test_the_solution_passes_and_the_stub_is_not_attempted(exercise):
    assert exercise.check(define(exercise.name, exercise.answer)).right
    feedback = exercise.check(define(exercise.name, exercise.stub))
    assert (repr(feedback), bool(feedback)) == ("not attempted yet", False)


@pytest.mark.parametrize("name", RIGHT)
def test_right_answers_in_any_style_pass(name):
    for body in RIGHT[name]:
        assert EXERCISES[name].check(answer(EXERCISES[name], body)).right, body


@every
def test_float32_passes(exercise):
    if exercise.level == "predict":
        return
    right = define(exercise.name, exercise.answer)

    def single(*arguments):
        small = [a.astype(np.float32) if np.ndim(a) and a.dtype.kind == "f" else a
                 for a in arguments]
        given = right(*small)
        if isinstance(given, tuple):
            return tuple(np.asarray(part, np.float32) for part in given)
        return given.astype(np.float32)

    assert exercise.check(single).right


def in_own_words(exercise, feedback):
    """Whether a mistake that the exercise itself knows is told with its remedy, none in general."""
    own = [one.remedy or REMEDY[one.name] for one in exercise.mistakes
           if one.name == feedback.mistake and (len(exercise.outputs) == 1 or not one.output
                                                or f" in {one.output}: " in feedback.text)]
    return not own or feedback.text.endswith(tuple(own))


@pytest.mark.parametrize(("exercise", "mistake", "body"), ROWS, ids=lambda value: (
    value.name if hasattr(value, "name") else None))
def test_a_wrong_answer_draws_its_diagnosis(exercise, mistake, body):
    feedback = exercise.check(answer(exercise, body))
    assert not feedback.right
    assert feedback.mistake == (mistake or ""), feedback
    assert in_own_words(exercise, feedback)
    several = len(exercise.outputs) > 1
    several = several and mistake not in ("another order", "input overwritten")
    sentences = [f"\n{mistake}{several * f' in {name}'}: " for name in exercise.outputs]
    assert not mistake or any(sentence in repr(feedback) for sentence in sentences)


@pytest.mark.parametrize("name", ONE_FORMULA)
def test_one_wrong_formula_draws_its_diagnosis(name):
    exercise = EXERCISES[name]
    solution = exercise.solved()
    for mistake, output, formula in ONE_FORMULA[name]:
        place = exercise.outputs.index(output) if output else 0

        def wrong(*arguments, place=place, formula=formula):
            given = eval(formula, dict(zip(exercise.arguments, arguments, strict=True), np=np))
            if len(exercise.outputs) == 1:
                return given
            return *solution(*arguments)[:place], given, *solution(*arguments)[place + 1:]

        feedback = exercise.check(wrong)
        assert (feedback.right, feedback.mistake) == (False, mistake), formula
        assert in_own_words(exercise, feedback), formula


@pytest.mark.parametrize("name", ONE_NUMBER)
def test_one_wrong_number_draws_its_diagnosis(name):
    exercise = EXERCISES[name]
    for mistake, output, number in ONE_NUMBER[name]:
        values = define(name, exercise.answer)
        if output:
            place = exercise.outputs.index(output)
            values = *values[:place], eval(number), *values[place + 1:]
        feedback = exercise.check(values if output else eval(number))
        assert (feedback.right, feedback.mistake) == (False, mistake), number


@every
def test_the_catalogue_is_long_enough(exercise):
    found = {mistake for mistake, _ in WRONG[exercise.name] if mistake}
    assert sum(mistake is not None for mistake, _ in WRONG[exercise.name]) >= 6
    assert len(found) >= 2


def test_every_mistake_of_the_design_is_drawn():
    drawn = {mistake for rows in WRONG.values() for mistake, _ in rows}
    assert {"lost transpose", "batch not summed", "mean for sum", "sum for mean", "sign",
            "factor 2", "factor ½", "mask from the wrong array", "= for +=", "Bessel",
            "ε outside the root", "(N,) against (N, 1)", "upstream forgotten",
            "input overwritten", "rounding"} <= drawn


@every
def test_every_mistake_has_a_remedy_and_is_one(exercise):
    for mistake in exercise.mistakes:
        assert mistake.remedy or mistake.name in REMEDY, mistake.name
        assert mistake.sentence.endswith((".", ")"))
        assert mistake.output in ("", *exercise.outputs)


def test_feedback_shows_the_entry_the_row_and_the_mistake():
    feedback = EXERCISES["sigmoid_backward"].check(lambda G, Y: G * Y)
    first, row, mistake = repr(feedback).splitlines()
    assert first == "not yet: dX[0, 0] is 0.0112, but should be 0.0102 with G (3, 4), Y (3, 4)"
    assert row == "Jacobian column: ∂Y[0, 0]/∂X[0, 0] = 0.0811, the other 11 are 0"
    assert mistake == "value for derivative: The slope of σ is σ·(1 − σ)."


NEURON = "with dy = 1, w0 = 2, x0 = −1, w1 = −3, x1 = −2, b = 0.3679, a = 1.3679"


@pytest.mark.parametrize(("lines", "says"), [
    ({}, "not attempted yet"),
    ({1: "da = -dy / a**2"}, "line 1 is right; next is line 2 of 8 (a = 1 + b), with db"),
    ({1: "da = -dy / a**2", 2: "db = da", 3: "dc = db * b", 4: "ds = dc"},
     f"not yet: line 4 of 8 (c = -s), ds is −0.1966, but should be 0.1966 {NEURON}\n"
     "sign in ds: c = −s turns the sign."),
    ({8: "dw1, dx1 = x1, w1"}, "next is line 1 of 8 (y = 1 / a), with da"),
    ({1: "da = -dy / a**2", 5: "dt, dw2 = 1, 1"},
     "line 1 is right; next is line 2 of 8 (a = 1 + b), with db"),
    ({1: "da = 'x'"},
     "not yet: line 1 of 8 (y = 1 / a), da must be made of numbers, but is of type str."),
])
def test_a_staged_pass_is_judged_line_by_line(lines, says):
    exercise = EXERCISES["neuron_pass"]
    stub = exercise.stub.splitlines()
    for number, line in lines.items():
        stub[number] = f"    {line}"
    feedback = exercise.check(define("neuron_pass", "\n".join(stub)))
    assert (feedback.right, repr(feedback)) == (False, says)


@pytest.mark.parametrize(("name", "lines", "says"), [
    ("shift_scale_product", {1: "dZ, dbeta = dY, dY.sum(0)"},
     "line 1 is right; next is line 2 of 3 (scale), with dXhat"),
    ("shift_scale_product", {1: "dZ, dbeta = dY, dY"},
     "not yet: line 1 of 3 (shift), dbeta has shape (3, 4), but should have (4,) with dY (3, 4), "
     "gamma (4,), Xhat (3, 4), C (3, 4), r (4,)\nbatch not summed in dbeta: One number went to all "
     "examples: their gradients for it add up over the batch."),
    ("square_centre_mean", {1: "dC = dC1 + 2 * C * dQ", 2: "dX1, dmu = dC, -dC.sum(0)"},
     "lines 1 and 2 are right; next is line 3 of 3 (mean), with dX"),
])
def test_a_step_of_batch_norm_is_called_by_its_name(name, lines, says):
    stub = EXERCISES[name].stub.splitlines()
    for number, line in lines.items():
        stub[number] = f"    {line}"
    assert repr(EXERCISES[name].check(define(name, "\n".join(stub)))) == says


def test_the_mode_that_is_wrong_is_told():
    def always_the_batch(X, mean, var, training, momentum, eps):
        return EXERCISES["batchnorm_forward"].solved()(X, mean, var, True, momentum, eps)

    said = repr(EXERCISES["batchnorm_forward"].check(always_the_batch))
    assert "with X (1, 4), mean (4,), var (4,), training = False\nalways the batch" in said


def test_a_line_that_needs_one_still_to_do_says_so():
    exercise = EXERCISES["neuron_pass"]
    source = exercise.stub.replace("dc = ...", "dc = db * b")
    assert repr(exercise.check(define("neuron_pass", source))).endswith(
        "A line that is still `...` is needed there: fill in the lines from the top.")


def test_numbers_that_look_alike_are_shown_with_more_digits():
    feedback = EXERCISES["relu_backward"].check(lambda G, X: G * (X > 0) + 2e-6 * (X > 0))
    assert "is 1.304002, but should be 1.304000 " in repr(feedback)


def test_a_prediction_keeps_the_right_value_to_itself():
    values = 999, (999, 998), ((9, 9), 1), "a", True, (True, False), np.ones((2, 2)), (1, "b")
    for value in values:
        text = repr(EXERCISES["norm_entries"].check(value))
        assert text.startswith("not yet: ") and "144" not in text and "72" not in text


@pytest.mark.parametrize("value", [None, ..., (None, 3), (..., ...), [3, ...], NotImplemented])
def test_an_unfinished_prediction_is_not_attempted(value):
    assert repr(EXERCISES["norm_entries"].check(value)) == "not attempted yet"


@pytest.mark.parametrize("body", ["...", "pass", "return None", "return ...", "'words'",
                                  "return NotImplemented", "raise NotImplementedError",
                                  "dX = ...\nreturn dX"])
def test_an_empty_function_is_not_attempted(body):
    exercise = EXERCISES["relu_backward"]
    assert repr(exercise.check(answer(exercise, body))) == "not attempted yet"
    assert repr(exercise.check(None)) == "not attempted yet"


@pytest.mark.parametrize(("given", "says"), [
    (lambda G, X: print(end=""), "dX is None: does the function end with `return`?"),
    (lambda G: G, "it is called as relu_backward(G, X), but yours takes (G)."),
    (np.ones(3), "give the function itself, without calling it: "
     "exercises.relu_backward.check(relu_backward)."),
    (lambda G, X: "text", "dX must be made of numbers, but is of type str."),
    (lambda G, X: G + 1j, "dX must be made of numbers, but is of type ndarray (complex128)."),
    (lambda G, X: (G, X[0]), "dX must be made of numbers, but is of type tuple."),
    (lambda G, X: 3, "dX has shape (), but should have (3, 4) with G (3, 4), X (3, 4)"),
    (lambda G, X: G * np.nan, "dX[0, 0] is nan, but should be 0.0000 with G (3, 4), X (3, 4)"),
    ("G * (X > 0)", "give the function itself, without calling it: "
     "exercises.relu_backward.check(relu_backward)."),
])
def test_wrong_types_and_shapes_are_told(given, says):
    text = repr(EXERCISES["relu_backward"].check(given))
    assert text.splitlines()[0] == f"not yet: {says}"


def test_what_an_answer_prints_is_shown_up_to_2000_signs(capsys):
    for count, shown in ((1999, "x" * 1999 + "\n"), (2000, "x" * 2000 + " …\n")):
        EXERCISES["relu_backward"].check(lambda G, X, count=count: print("x" * count))
        assert capsys.readouterr().out == shown


def test_outputs_are_counted():
    check = EXERCISES["affine_backward"].check
    assert repr(check(lambda G, X, W: (G, X))) == (
        "not yet: return 3 values, dX, dW, db, but yours has 2.")
    assert "but yours is one float." in repr(check(lambda G, X, W: 1.0))
    assert "but yours gives none (does" in repr(check(lambda G, X, W: print(end="")))
    assert "dW is None." in repr(check(lambda G, X, W: (G @ W.T, None, G.sum(0))))


@pytest.mark.parametrize(("name", "body"), [
    ("relu_backward", "return G * (X > 0.1)"), ("relu_backward", "return G * (X > -0.1)"),
    ("relu6_backward", "return G * ((X > 1) & (X < 6))"),
    ("relu6_backward", "return G * ((X > 0) & (X < 6.1))"),
    ("elu_backward", "return G * np.where(X > 0.1, 1, alpha * np.exp(X))"),
    ("relu_at_zero", "return np.where(X > 0.1, 1, np.where(abs(X) > 0.1, 0, at_zero))"),
])
def test_a_border_beside_zero_is_refused(name, body):
    feedback = EXERCISES[name].check(answer(EXERCISES[name], body))
    assert not feedback.right and "should be" in feedback.text


def test_numbers_out_of_range_are_short():
    feedback = EXERCISES["log_sigmoid"].check(
        lambda x: np.nan_to_num(-np.log1p(np.exp(-x))))
    assert "is −1.798e+308, but should be −800.0000" in feedback.text


def test_a_lesson_goes_on_with_the_right_function_or_the_solution(capsys):
    exercise = EXERCISES["relu_backward"]
    G, X = np.array([[1.0, 2.0]]), np.array([[3.0, -1.0]])
    wrong = define(exercise.name, "def relu_backward(G, X):\n    return G")
    for given in wrong, define(exercise.name, exercise.stub):
        used = use(given)
        assert used is not given and used(G, X).tolist() == [[1.0, 0.0]]
        assert capsys.readouterr().out == "0 of 1 yours; the solution stands in for relu_backward\n"
    mine = define(exercise.name, "def relu_backward(G, X):\n    return np.where(X > 0, G, 0)")
    other = define("square_centre_mean", EXERCISES["square_centre_mean"].stub)
    first, second = use(mine, other)
    assert first is mine and second is not other
    assert capsys.readouterr().out == (
        "1 of 2 yours; the solution stands in for square_centre_mean\n")
    with pytest.raises(AttributeError, match="no exercise 'mine'"):
        use(define("mine", "def mine(G):\n    ..."))
