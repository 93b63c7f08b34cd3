"""What the page says of a class is what its results hold: numbers, orders, and who did what."""

import re
from html import unescape

from helpers.exercises.grading import page, rows


def verdict(state="tried", mistake="", said="", code=""):
    return {"state": state, "mistake": mistake, "said": f"not yet: {said}", "code": code}


SOLVED, LEFT = verdict("solved"), verdict("not tried")
ODD = verdict(said="odd", code="def row_layer(g, x, W):\n    return 7")
HANDED = [  # (student, file, note, verdicts)
    ("ann", "a.ipynb", "", {"relu_backward": verdict(mistake="mask forgotten", said="one"),
                            "row_layer": SOLVED}),
    ("ann", "b.ipynb", "late", {"relu_backward": SOLVED}),
    ("bob", "b.ipynb", "", {"relu_backward": verdict(mistake="mask forgotten", said="dX is wrong"),
                            "row_layer": ODD}),
    ("cleo", "c.ipynb", "", {"relu_backward": LEFT, "row_layer": ODD, "sgd_by_hand": SOLVED}),
    ("dan", "d.ipynb", "", {"relu_backward": verdict(mistake="mask forgotten"),
                            "row_layer": verdict(mistake="lost transpose")}),
    ("eve", "e.ipynb", "", {"row_layer": verdict(said="other", code="row_layer = 3")}),
]
RESULTS = [{"student": student, "file": file, "note": note, "exercises": verdicts, "seconds": 1.0}
           for student, file, note, verdicts in HANDED]


def words(html):
    """The text of a page, a cell or a line between bars."""
    text = re.sub(r"<(td|th|p|h\d|pre)\b", r"|<\1", html.partition("<body>")[2])
    return " ".join(unescape(re.sub(r"<[^>]*>", "", text)).split())


def test_the_page_counts_students_mistakes_and_answers():
    html = page(RESULTS)
    said = words(html)
    assert "five students, six notebooks. Code is shown" in said
    assert ("|mistake|in|students |mask forgotten|relu_backward|2 |lost transpose|row_layer|1"
            in said)
    assert ("|1 solved, 2 tried, 1 not tried |mask forgotten 2 |To show in class, mask forgotten "
            "(two students):") in said
    assert ("|1 solved, 4 tried, 0 not tried |lost transpose 1 |To show in class, lost transpose "
            "(one student):") in said
    assert ("|No named mistake explains three answers. The most frequent (two students): "
            "|def row_layer(g, x, W): return 7 |odd") in said
    widths = re.findall(r'class="(\S+)" style="width:([\d.]+)%', html)
    assert widths == [("solved", "20"), ("tried", "80"), ("not-tried", "0"),
                      ("solved", "25"), ("tried", "50"), ("not-tried", "25"),
                      ("solved", "100"), ("tried", "0"), ("not-tried", "0")]
    assert said.index("|04_tensor_derivatives") < said.index("|07_train_with_your_gradients")
    assert "from the upstream gradient <code>G</code> and the input <code>X</code>." in html


def test_each_student_has_a_row():
    said = words(page(RESULTS)).partition("|Students ")[2]
    assert said == ("|student|04|07|all|note |ann|2 of 2||2 of 2|late |bob|0 of 2||0 of 2| "
                    "|cleo|0 of 2|1 of 1|1 of 3| |dan|0 of 2||0 of 2| |eve|0 of 1||0 of 1|")
    numbers = re.findall(r"<td class=number>([^<]*)", page(RESULTS).partition("Students")[2])
    assert numbers[:3] == ["2 of 2", "", "2 of 2"] and len(numbers) == 15


def test_of_many_mistakes_the_first_twelve_are_listed():
    def made(many):
        return [{**RESULTS[0], "student": str(k), "note": "", "exercises": {
            "relu_backward": verdict(mistake=f"mistake {k % 13 % many:02}")}} for k in range(20)]

    twelve, thirteen = (words(page(made(many))) for many in (12, 13))
    assert "The first" not in twelve and "The first 12 of 13." in thirteen
    listed = re.findall(r"\|mistake (\d\d)\|relu_backward\|(\d)", thirteen)
    assert listed == [(f"{k:02}", "2") for k in range(7)] + [(f"{k:02}", "1") for k in range(7, 12)]
    assert "|No mistake that has a name was found." in words(page([]))


def test_the_table_of_mistakes_has_a_row_for_each():
    assert rows(RESULTS)[1:] == [
        ["04_tensor_derivatives", "row_layer", 1, 4, 0, "", ""],
        ["04_tensor_derivatives", "row_layer", "", "", "", "lost transpose", 1],
        ["04_tensor_derivatives", "row_layer", "", "", "", "no named mistake", 3],
        ["04_tensor_derivatives", "relu_backward", 1, 2, 1, "", ""],
        ["04_tensor_derivatives", "relu_backward", "", "", "", "mask forgotten", 2],
        ["07_train_with_your_gradients", "sgd_by_hand", 1, 0, 0, "", ""]]
