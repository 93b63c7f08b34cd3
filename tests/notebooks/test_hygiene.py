"""Notebooks as they are stored: clean, deterministic, readable without a kernel."""

import re
import sys
from pathlib import Path
from statistics import mean

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from tests.colab import not_in_colab
from tests.notebooks.rerun import ASLEEP, NOTEBOOKS, VIEW, execute, settle

ROOT = Path(__file__).parents[2]
UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
PLACES = re.compile(r"/(home|Users|root|tmp|var|private)/|\b[A-Z]:\\")


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request):
    return nbformat.read(request.param, as_version=nbformat.NO_CONVERT)


@pytest.fixture
def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


@pytest.fixture
def outputs(code):
    return [output for cell in code for output in cell.outputs]


def meaningful(cell_id: str) -> bool:
    """Words joined by hyphens, and not one of the random ids that Jupyter makes up."""
    words = re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", cell_id)
    return bool(words) and not re.fullmatch(rf"[0-9a-f]{{8}}|{UUID}", cell_id)


def strings(value) -> list[str]:
    """Every piece of text in a JSON value, pictures left out."""
    if isinstance(value, dict):
        parts = [value[key] for key in value if not key.startswith("image/")]
        return [text for part in parts for text in strings(part)]
    if isinstance(value, list):
        return [text for part in value for text in strings(part)]
    return [value] if isinstance(value, str) else []


def unsound(output) -> str:
    """What is wrong with one stored output, or nothing."""
    data = output.get("data", {})
    if output.output_type == "error":
        return f"an error: {output.ename}: {output.evalue}"
    if output.output_type == "stream" and output.name == "stderr":
        return f"something on stderr: {output.text}"
    if " at 0x" in data.get("text/plain", ""):
        return f"a memory address: {data['text/plain']}"
    if VIEW in data or ASLEEP in output.get("metadata", {}):
        return "a widget view, which only the kernel that made it understands: run `make notebooks`"
    return ""


@pytest.mark.parametrize(
    ("cell_id", "good"),
    [
        ("predict-zeros", True),
        ("relu2", True),
        ("a1b2c3d4", False),
        ("0b9dd47e-5b9c-4f0e-8f0a-6f3d1d1f2a3b", False),
        ("Check formula", False),
    ],
)
def test_the_rule_for_ids(cell_id, good):
    assert meaningful(cell_id) is good


@pytest.mark.parametrize(
    ("output", "wrong"),
    [
        (new_output("stream", name="stdout", text="3"), ""),
        (new_output("stream", name="stderr", text="careful"), "stderr"),
        (new_output("error", ename="ValueError", evalue="no"), "ValueError"),
        (new_output("display_data", {"text/plain": "<X at 0x7f>"}), "address"),
        (new_output("display_data", {"text/plain": "X", "image/png": "", VIEW: {}}), "widget view"),
        (new_output("display_data", {"text/plain": "X", "image/png": ""}), ""),
        (new_output("display_data", {"text/plain": "X"}, metadata={ASLEEP: {}}), "widget view"),
    ],
)
def test_the_rule_for_outputs(output, wrong):
    found = unsound(output)
    assert wrong in found and bool(wrong) == bool(found)


@pytest.mark.parametrize("missing", ["image/png", "text/plain"])
def test_a_widget_must_have_a_picture_and_a_text(missing):
    data = {"image/png": "", "text/plain": "a sentence", VIEW: {}}
    cell = new_code_cell(outputs=[new_output("display_data", data)])
    settle(new_notebook(cells=[cell]))
    assert set(cell.outputs[0].data) == {"image/png", "text/plain"}
    cell.outputs[0].data = {VIEW: {}, **cell.outputs[0].data}
    del cell.outputs[0].data[missing]
    with pytest.raises(ValueError, match=cell.id):
        settle(new_notebook(cells=[cell]))


@not_in_colab
@pytest.mark.kernel
def test_running_again_changes_nothing(tmp_path):
    """Two runs of a notebook with a widget store the same file, and ids stay."""
    source = (
        "from ipywidgets import IntSlider\n"
        "class Slider(IntSlider):\n"
        "    def _repr_mimebundle_(self, **_):\n"
        "        return super()._repr_mimebundle_() | {'text/plain': '3', 'image/png': 'AAAA'}\n"
        "Slider()"
    )
    notebook = new_notebook(cells=[new_code_cell(source, id="slide-it")])
    stored = []
    for _ in range(2):
        execute(notebook, tmp_path)
        settle(notebook)
        stored.append(nbformat.writes(notebook))
    assert stored[0] == stored[1]
    assert '"3"' in stored[0] and '"slide-it"' in stored[0]


def test_the_course_has_a_first_page():
    assert "00_start_here" in {path.stem for path in NOTEBOOKS}


def test_is_valid(notebook):
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) >= (4, 5), "4.5 is the first with cell ids"


def test_cells_have_meaningful_ids(notebook):
    ids = [cell.id for cell in notebook.cells]
    assert len(ids) == len(set(ids))
    assert [cell_id for cell_id in ids if not meaningful(cell_id)] == []


def test_was_run_once_from_top_to_bottom(code):
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))


def test_outputs_are_sound(outputs):
    assert [found for found in map(unsound, outputs) if found] == []


def test_metadata_is_lean(notebook):
    """No widget state, no timings: nothing that changes from one run to the next."""
    assert "widgets" not in notebook.metadata
    assert [cell.id for cell in notebook.cells if "execution" in cell.metadata] == []


def test_kernel_is_python(notebook):
    assert notebook.metadata.kernelspec.name == "python3"
    assert notebook.metadata.language_info.name == "python"


def test_code_cells_are_short(code):
    assert mean(len(cell.source.splitlines()) for cell in code) < 4


def test_imports_from_the_front_door_alone(code):
    """No notebook names a room of the package, so that rooms may move."""
    lines = [line for cell in code for line in cell.source.splitlines()]
    assert [line for line in lines if re.match(r"\s*(from|import) helpers\.", line)] == []


def test_names_no_place_of_one_machine(notebook):
    here = {str(ROOT), str(Path.home()), sys.prefix} - {"/"}
    texts = strings([[cell.source, cell.get("outputs", [])] for cell in notebook.cells])
    found = [text for text in texts if PLACES.search(text) or any(place in text for place in here)]
    assert found == []
