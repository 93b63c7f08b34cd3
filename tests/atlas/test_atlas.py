"""The atlas says what the table says: every file is made anew and compared with the stored one."""

import io
import json
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from helpers import OPERATIONS, JacobianExplorer
from helpers.atlas import facts, files, index, page, picture, sheet, text
from helpers.atlas.notes import NOTES
from helpers.calculus.operation import Derivative, Operation
from helpers.calculus.synonyms import names_of
from helpers.widgets.kit.away.link import unpacked
from tests.amount import SOAK, amount, spread

ROOT = Path(__file__).parents[2]
LINK = re.compile(r"(JacobianExplorer#)([\w-]+)")


def opened(page):
    """A page with its links unpacked: libraries pack the same cell into other letters."""
    return LINK.sub(lambda found: found[1] + unpacked(found[2]), page)


def stored(name):
    """A page as it stands in the repository."""
    return opened((ROOT / files.ATLAS / f"{name}.md").read_text("utf-8"))


@pytest.mark.parametrize("name", spread(list(OPERATIONS), amount(3, 8, 100)))
def test_a_page_is_what_the_table_says_now(name):
    assert stored(name) == opened(page.page(OPERATIONS[name], OPERATIONS)), \
        "run python -m helpers.atlas"


def test_pages_are_what_the_table_says_but_for_derivations_and_checks(monkeypatch):
    """Those take a second each: of a few pages above, of all in a soak."""
    for part in ("steps", "proof"):
        monkeypatch.setattr(page, part, lambda op, wrt: "")
    for name in spread(list(OPERATIONS), amount(5, 100, 100)):
        short = re.sub(r"### Step by step.*?(?=^Live: )", "", stored(name), flags=re.S | re.M)
        assert short == opened(page.page(OPERATIONS[name], OPERATIONS)), \
            f"{name}: run python -m helpers.atlas"


def test_index_and_sheet_are_what_the_table_says_now():
    assert (ROOT / files.ATLAS / "index.md").read_text("utf-8") == index.index()
    assert (ROOT / "docs/cheatsheet.md").read_text("utf-8") == sheet.text()


PICTURES = files.pictures()


@pytest.mark.parametrize("path", spread(list(PICTURES), amount(1, 3, 1000)))
def test_a_picture_shows_the_tensor_of_now(path):
    stored, made = (np.asarray(Image.open(one).convert("L"), float) for one in (
        ROOT / path, io.BytesIO(picture.encoded(*PICTURES[path]))))
    assert stored.shape == made.shape
    assert np.abs(stored - made).mean() < 2  # letters may be set a little otherwise


def test_there_is_a_file_for_everything_and_no_other():
    stored = {path.relative_to(ROOT).as_posix() for path in (ROOT / files.ATLAS).rglob("*.*")}
    pages = {f"{files.ATLAS}/{name}.md" for name in (*OPERATIONS, "index")}
    assert stored == pages | set(PICTURES)


def test_the_sheet_to_print_has_two_pages_and_every_operation():
    made, stored = sheet.pdf(), (ROOT / "docs/cheatsheet.pdf").read_bytes()
    assert [data.count(b"/Type /Page\n") or len(re.findall(rb"/Type /Page\b(?!s)", data))
            for data in (made, stored)] == [2, 2]
    assert abs(len(made) - len(stored)) < len(made) / 5
    rows = [line for op in OPERATIONS.values() for line in sheet.lines(op)]
    assert {line[0] for line in rows} - {""} == {page.title(op) for op in OPERATIONS.values()}
    assert sum(bool(line[2]) for line in rows) == sum(len(op.inputs) for op in OPERATIONS.values())


def test_every_operation_has_a_note_and_its_neighbours_are_there():
    assert set(OPERATIONS) <= set(NOTES)
    for name, note in NOTES.items():
        assert name in OPERATIONS and set(note.near) <= set(OPERATIONS) - {name}, name
        assert (ROOT / "notebooks" / f"{note.lesson}.ipynb").exists(), name


def test_links_of_all_pages_lead_somewhere():
    folder = ROOT / "docs"
    for path in [*folder.rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)\)", path.read_text("utf-8")):
            if "://" not in target:
                assert (path.parent / target).exists(), f"{path.name}: {target}"


def test_a_row_without_a_note_gets_its_page():
    row = Derivative(
        vjp=lambda G: 3 * G, jvp=lambda dX: 3 * dX, full="... -> ... ...", core=lambda X: 3 + 0 * X,
        entry="3", latex="3G", numpy="3 * G", jvp_latex="3\\,dX", jvp_numpy="3 * dX",
        why="it is three times as large")
    op = Operation("triple", "... -> ...", ("X",), lambda X: 3 * X, {"X": row}, "Y = 3X", "3 * X")
    made = page.page(op, {"triple": op})
    assert made.startswith("# triple") and "dX = 3 * G" in made and "below 1e-12" in made
    with pytest.raises(ValueError, match=r"triple: two ways to one derivative differ by"):
        wrong = Derivative(**{**vars(row), "vjp": lambda G: 2 * G})
        op = Operation("triple", "... -> ...", ("X",), lambda X: 3 * X, {"X": wrong}, "Y = 3X", "3")
        facts.checked("triple", op, "X")


def test_names_that_people_search_by_are_on_the_page():
    for said, name in (("fully connected", "affine"), ("Dense", "affine"), ("linear", "affine"),
                       ("BCEWithLogits", "sigmoid_cross_entropy"), ("swish", "silu")):
        assert said in names_of(name)
        assert said in (ROOT / files.ATLAS / f"{name}.md").read_text("utf-8").split("\n")[2]


def test_a_link_opens_the_derivative_of_its_part():
    cell, address = text.link("affine", "W", ("X", "W", "b"), "https://a.example/course/")
    assert address.startswith("https://a.example/course/try/?w=JacobianExplorer#")
    assert unpacked(address.partition("#")[2]) == cell
    explorer = eval(cell, {"JacobianExplorer": JacobianExplorer})
    assert (explorer.operation, explorer.wrt) == ("affine", "W")
    nowhere, _, part = text.link("relu", "X", ("X",))[1].partition("#")
    page = (ROOT / files.ATLAS / nowhere).read_text("utf-8")
    assert f"## {part.replace('-', ' ').capitalize()}\n" in page


@pytest.mark.skipif(not SOAK, reason="the whole program is run in a soak")
def test_the_program_changes_nothing(monkeypatch, tmp_path, capsys):
    from helpers.atlas import __main__ as program

    (tmp_path / "docs").mkdir()
    monkeypatch.setattr(program, "ROOT", tmp_path)
    program.main()
    made = {path.relative_to(tmp_path) for path in tmp_path.rglob("*.*")}
    assert {path.as_posix() for path in made} >= set(PICTURES) and "MB" in capsys.readouterr().out
    assert all((ROOT / path).exists() for path in made)


def test_every_correction_names_cells_that_exist_and_run():
    written = (ROOT / "docs/corrections.md").read_text("utf-8")
    items = written.split("\n### ")[1:]
    assert len(items) >= 13
    for item in items:
        (notebook, names), = re.findall(r"tested in \[`(\w+)`\][^:]*: (.*)", item)
        path = ROOT / "notebooks" / f"{notebook}.ipynb"
        cells = {cell["id"]: cell for cell in json.loads(path.read_text("utf-8"))["cells"]}
        printed = ""
        for name in re.findall(r"`([\w-]+)`", names):
            assert cells[name]["cell_type"] == "code" and cells[name]["outputs"], name
            printed += json.dumps(cells[name]["outputs"])
        for number in re.findall(r"\d\.\d{4}", item):
            assert number in printed, number
