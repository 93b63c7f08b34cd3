"""The ten puzzles, what they show, and what they say to answers of every kind."""

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from helpers import discover, exercises
from helpers.exercises import guard, record
from helpers.exercises.puzzling import fair, picture
from helpers.exercises.puzzling.lines import function, parts
from helpers.exercises.puzzling.ten import ROWS
from tests.exercises.puzzling.lines import looped, one_einsum, wrong_lines
from tests.exercises.puzzling.test_made import right_at, same_function

each = pytest.mark.parametrize("puzzle", exercises.puzzles.values(), ids=lambda puzzle: puzzle.name)
product = exercises.puzzles[5]  # G @ W.T


@each
def test_the_solution_is_right_and_par_and_the_stub_not_attempted(puzzle):
    feedback = puzzle.check(function(puzzle.line, puzzle.arguments))
    assert feedback.right and feedback.text.endswith(": par.")
    assert puzzle.check(looped(puzzle)).right
    stub = eval(puzzle.stub)
    assert repr(puzzle.check(stub)) == repr(puzzle.check(...)) == "not attempted yet"
    assert puzzle.line in repr(puzzle.solution()) and len(puzzle.hints) == 3


@each
def test_discover_solves_it_from_nothing_but_what_is_shown(puzzle):
    found = discover(puzzle.tensor, output_ndim=len(puzzle.outer), known=puzzle.arrays).numpy
    assert fair.solves(puzzle, found) and same_function(puzzle, found)
    assert fair.work(puzzle, found) >= puzzle.par


@pytest.mark.parametrize(("puzzle", "name", "line"), [
    (exercises.puzzles[number], name, line) for number, row in enumerate(ROWS, 1)
    for name, line, *_ in row["wrong"]])
def test_a_wrong_line_draws_its_name(puzzle, name, line):
    feedback = puzzle.check(function(line, puzzle.arguments))
    assert not feedback.right and feedback.mistake == name, feedback


@each
def test_what_is_shown_tells_right_from_wrong(puzzle):
    G, *_ = puzzle.draw(puzzle.sizes, 77)
    for line in wrong_lines(puzzle):
        same = same_function(puzzle, line)
        assert right_at(puzzle, line, (G, *puzzle.arrays.values())) == same, line
        assert puzzle.check(function(line, puzzle.arguments)).right == same, line


def test_they_rise():
    pieces = [parts(puzzle.line) for puzzle in exercises.puzzles.values()]
    assert sum(pieces[5:]) > 1.5 * sum(pieces[:5])


def test_one_einsum_of_everything_is_right_but_not_par():
    puzzle = exercises.puzzles[7]
    line = one_einsum(puzzle)
    assert line == "np.einsum('pk,mk,pn->nm', G, W, V)"
    said = repr(puzzle.check(function(line, puzzle.arguments)))
    assert said == ("right, in all 6 cases, with 240 multiplications. Par is 70: there is a way "
                    "with less work.")
    assert repr(puzzle.check(lambda G, V, W: V.T @ (G @ W.T))).endswith("84 multiplications. Par "
                                                                        "is 70: there is a way "
                                                                        "with less work.")


def test_a_choice_instead_of_a_product_is_under_par():
    said = repr(exercises.puzzles[4].check(lambda G, A: np.where(A > 0, G, G / 10)))
    assert said == "right, in all 6 cases, with six multiplications: par."
    said = repr(exercises.puzzles[9].check(lambda G, X: np.add(G, G.T).dot(X)))
    assert said == "right, in all 6 cases, with 18 multiplications: par."
    mask = next(found for seed in range(99)
                if (found := exercises.puzzle(seed)).line == "G * (A > 0)")
    said = repr(mask.check(lambda G, A: np.where(A > 0, G, 0)))
    assert said.endswith(f"no multiplications: {mask.par} under par!")


def test_a_wrong_answer_is_shown_beside_the_right_one():
    feedback = product.check(lambda G, W: G[:, :3])
    first, column, differ = repr(feedback).splitlines()
    assert first == ("not yet: dX[0, 0] is 1.0000, but should be 40.0000 with G (2, 4), W (3, 4): "
                     "the arrays shown, and G = 1, 2, 3, …")
    assert column == ("Jacobian column: ∂Y[0, 0]/∂X[0, 0] = 3.0000, ∂Y[0, 1]/∂X[0, 0] = −2.0000, "
                      "∂Y[0, 2]/∂X[0, 0] = 7.0000, ∂Y[0, 3]/∂X[0, 0] = 5.0000, the other 4 are 0")
    np.testing.assert_array_equal(product.tensor[0, :, 0, 0], [3, -2, 7, 5])
    assert differ == "6 of 6 entries differ"


def tables(feedback):
    """The cells of both tables as a notebook shows them: (text, whether it is marked)."""
    pages = feedback._repr_html_().split("<table>")[1:]
    return [[(cell.split(">", 1)[1].removeprefix("<b>").split("<")[0], "tm-differs" in cell)
             for cell in page.split("<td")[1:]] for page in pages]


def test_every_wrong_entry_is_marked_in_both_arrays():
    feedback = exercises.puzzles[1].check(lambda G, A: np.where(A > 0, G * A, G))
    assert feedback.text.endswith("\n2 of 6 entries differ: [0, 1] and [1, 2]")
    yours, right = tables(feedback)
    wrong = [False, True, False, False, False, True]
    assert [marked for _, marked in yours] == [marked for _, marked in right] == wrong
    assert [yours[1][0], right[1][0], yours[5][0], right[5][0]] == [
        "✗ 2.0000", "✓ −6.0000", "✗ 6.0000", "✓ −36.0000"]
    assert yours[0][0] == right[0][0] == "2.0000"
    assert "[data-jp-theme-light=\"false\"]" in feedback._repr_html_()
    assert feedback.text.splitlines()[0] in feedback._repr_html_()


def test_a_vector_and_a_single_entry_are_compared_and_nothing_else_is():
    one = exercises.puzzles[3].check(lambda G: G.sum(1) + np.array([0, 0, 1e-6]))
    assert one.text.endswith("\n1 of 3 entries differs: [2]")
    assert [text for text, marked in tables(one)[0] if marked] == ["✗ 42.000001"]
    for answer in (..., lambda G: G, lambda G: G.sum(1), lambda G: 1 / 0, lambda G: "text"):
        assert not hasattr(exercises.puzzles[3].check(answer), "_repr_html_")


def test_numbers_read_off_the_picture_are_not_enough():
    W = product.arrays["W"]
    said = repr(product.check(lambda G, _: G @ W.T))
    assert said.startswith("not yet: dX[0, 0] is ") and "W (3, 4): other numbers than shown" in said


def endless(G, W):
    while True:
        pass


def overwriting(G, W):
    G *= 2
    return G @ W.T / 2


def importing(G, W):
    import math
    return math.sqrt(4) / 2 * (G @ W.T)


@pytest.mark.parametrize(("answer", "says"), [
    ("G @ W.T", "give the function itself, without calling it: exercises.puzzles[5].check(lambda "
                "G, W: ...)."),
    (np.ones((2, 3)), "give the function itself, without calling it: exercises.puzzles[5].check("
                      "lambda G, W: ...)."),
    (lambda G: G, "it is called as puzzle_5(G, W), but yours takes (G)."),
    (lambda G, W: "text", "dX must be made of numbers, but is of type str."),
    (lambda G, W: None if G.any() else 0, "dX is None: does the function end with `return`?"),
    (lambda G, W: (G @ W.T).T, "dX has shape (3, 2), but should have (2, 3) with G (2, 4), W (3, 4)"
                               ": the arrays shown, and G = 1, 2, 3, …"),
    (lambda G, W: 1 / 0, "your code stopped in line "),
    (lambda G, W: Q, "your code stopped in line "),  # noqa: F821
    (lambda G, W: eval("G @"), "your code stopped in line "),
    (lambda G, W: exit(), "your code stopped in line "),
    (overwriting, "the numbers are right, but the call changed G."),
    (lambda G, W: G @ W.T * np.nan, "dX[0, 0] is nan, but should be 40.0000 with G (2, 4)"),
    (lambda G, W: G @ W.T + 1e-4, "dX[0, 0] is 40.0001, but should be 40.0000 with G (2, 4)"),
])
def test_odd_answers_end_in_a_line(answer, says):
    feedback = product.check(answer)
    assert not feedback.right and repr(feedback).startswith(f"not yet: {says}")
    assert "Traceback" not in feedback.text and len(feedback.text.splitlines()) <= 4


def test_an_endless_line_is_stopped(untraced, monkeypatch):
    monkeypatch.setattr(guard, "LIMIT", 0.2)
    assert repr(product.check(endless)).startswith("not yet: stopped after 0.2 seconds in line ")


@pytest.mark.parametrize("answer", [
    importing, lambda G, W: (G @ W.T).tolist(), lambda G, W: np.asarray(G) @ np.asarray(W).T,
    lambda G, W: np.linalg.multi_dot([G, W.T]), lambda G, W: [[g @ w for w in W] for g in G],
    lambda G, W: (G.astype(np.float32) @ W.T.astype(np.float32))])
def test_right_answers_pass_even_where_nobody_can_count(answer):
    feedback = product.check(answer)
    assert feedback.right and "par!" not in feedback.text


def test_a_crash_gets_the_name_of_what_would_run_on_square_arrays():
    assert product.check(lambda G, W: G @ W).mistake == "lost transpose"
    assert product.check(lambda G, W: W @ G).mistake == "order swapped"
    assert product.check(lambda G, W: G @ W @ W).mistake == ""
    assert product.check(lambda G, W: [][0]).mistake == ""


def test_solved_puzzles_are_kept():
    assert repr(exercises.puzzles) == "puzzles  ░░░░░░░░░░  0 of 10\nexercises.puzzle: 0 solved"
    assert product.check(lambda G, W: G @ W.T).right
    made = exercises.puzzle(5, level=2)
    assert made.check(looped(made)).right
    assert record.solved() == {"puzzle_5", "puzzle_2_5"}
    assert repr(exercises.puzzles) == "puzzles  █░░░░░░░░░  1 of 10\nexercises.puzzle: 1 solved"
    product.reset()
    assert record.solved() == {"puzzle_2_5"} and "0 of" in repr(exercises.progress())


def test_there_is_no_eleventh():
    with pytest.raises(exercises.ExerciseError, match=r"^There is no puzzle 11: there are 1 to 10"):
        exercises.puzzles[11]


def test_a_puzzle_shows_itself():
    data, metadata = product._repr_mimebundle_()
    assert set(data) == {"text/plain", "image/png"} and product._repr_markdown_() is None
    assert data["text/plain"] == metadata["image/png"]["alt"] == repr(product) == (
        "exercises.puzzles[5]: ∂Y/∂X has shape (2, 4, 2, 3), the axes of Y first. Write dL/dX, "
        "shape (2, 3), as one line of NumPy in G (2, 4) and W (3, 4).")
    assert data == product._repr_mimebundle_()[0]


@each
def test_the_picture_holds_the_tensor_and_the_arrays(puzzle):
    figure = puzzle.figure()
    assert len(figure.axes) == 1 + len(puzzle.known)
    head = figure.texts[0].get_text()
    assert head.startswith(f"{puzzle.title}: which line makes dL/dX")
    assert str(puzzle.tensor.shape) in figure.texts[1].get_text()
    written = {text.get_text() for text in figure.axes[0].texts}
    for value in puzzle.tensor.ravel():
        shown = f"{value:g}".replace("-", "−")
        assert value == 0 or shown in written, "numbers are not rounded"
    figure.draw_without_rendering()
    for one in (*figure.axes, *figure.texts):
        box = one.get_window_extent()
        assert box.x0 >= 0 and box.x1 <= figure.bbox.width and box.y0 >= 0, puzzle


@pytest.mark.parametrize("beside", [True, False])
def test_arrays_stand_close_to_the_tensor_and_never_touch(beside):
    """Right of it, one below the other; or below it, in rows as wide as the page."""
    random, most = np.random.default_rng(0), 0
    edge, gap = picture.EDGE, pytest.approx(picture.GAP)
    for _ in range(40):
        across, down = random.uniform(1, 9, 2)
        sizes = random.uniform(0.5, 4, (random.integers(1, 9), 2)).tolist()
        spots, right, bottom = picture.places(sizes, across, down, beside)
        every = [(edge, picture.HEAD, across, down),
                 *((*spot, *size) for spot, size in zip(spots, sizes, strict=True))]
        for k, (x, y, *_) in enumerate(every[1:], 1):
            assert min(max(x - u - w, y - v - h) for u, v, w, h in every[:k]) == gap
            assert x > edge + across if beside else y > picture.HEAD + down
        assert right == max(x + width for x, _, width, _ in every)
        assert bottom == max(y + height for _, y, _, height in every)
        for (x, _, width, _), (u, _, w, _) in pairwise(every[1:]):
            new_row = not beside and u == edge
            assert not new_row or x + width + picture.GAP + w > picture.WIDEST
            assert beside or new_row or u + w <= picture.WIDEST
        most = max(most, len({y for _, y in spots}))
    assert most > 2


def test_an_array_as_wide_as_the_page_stays_beside_its_edge():
    (spot,), right, _ = picture.places([(picture.WIDEST - picture.EDGE, 2.0)], 1, 3, False)
    assert spot == (picture.EDGE, picture.HEAD + 3 + picture.GAP) and right == picture.WIDEST


def test_matplotlib_waits_until_a_puzzle_is_shown():
    program = ("import sys\nfrom helpers import exercises\nexercises.puzzle(1, 5).line\n"
               "print('matplotlib' in sys.modules)\nexercises.puzzles[1].figure()\n"
               "print('matplotlib' in sys.modules)")
    done = subprocess.run([sys.executable, "-c", program], cwd=Path(__file__).parents[3],
                          capture_output=True, text=True)
    assert (done.stdout.split(), done.stderr) == (["False", "True"], "")
