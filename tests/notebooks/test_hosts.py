"""What hosts without a kernel make of a stored widget: its picture, and its sentence as alt."""

import nbformat
import pytest
from nbconvert import HTMLExporter, MarkdownExporter
from nbformat.v4 import new_code_cell, new_notebook, new_output

from helpers import JacobianExplorer
from tests.notebooks.rerun import NOTEBOOKS, VIEW


@pytest.fixture(scope="module")
def widget():
    return JacobianExplorer("relu", n=2, h=3)


def stored(widget, view):
    data, metadata = widget._repr_mimebundle_()
    data = data if view else {kind: one for kind, one in data.items() if kind != VIEW}
    output = new_output("execute_result", data, metadata=metadata, execution_count=1)
    return new_notebook(cells=[new_code_cell("explorer", outputs=[output], execution_count=1)])


def picture_of(page):
    """The tag of the one picture in a page, without its bytes."""
    tags = [part.split(">")[0] for part in page.split("<img")[1:] if "data:image/png" in part]
    assert len(tags) == 1
    return tags[0].split("src=")[0]


@pytest.mark.slow
@pytest.mark.parametrize("view", [False, True])
@pytest.mark.parametrize("template", ["classic", "lab"])
def test_a_page_shows_the_picture_and_where_its_template_can_says_the_sentence(
        widget, view, template):
    page, _ = HTMLExporter(template_name=template).from_notebook_node(stored(widget, view))
    says = "JacobianExplorer relu (n=2, h=3): " in picture_of(page)
    assert says == (template == "classic")  # nbconvert's own, "lab", writes no words of an output


def test_text_alone_has_a_picture_beside_it(widget):
    _, resources = MarkdownExporter().from_notebook_node(stored(widget, view=True))
    assert any(name.endswith(".png") for name in resources["outputs"])


def test_every_stored_picture_of_a_widget_says_what_it_shows():
    outputs = [output for path in NOTEBOOKS for cell in nbformat.read(path, 4).cells
               for output in cell.get("outputs", []) if "image/png" in output.get("data", {})]
    silent = [output["data"].get("text/plain") for output in outputs
              if not output.metadata.get("image/png", {}).get("alt")]
    assert len(outputs) > 40 and silent == []
