"""Run every notebook from top to bottom and store what it shows, without what no reader can use.

`make notebooks` calls it. A widget view is only a number that a running kernel understands, and
another number in each run: what is stored is the widget's picture and its text.
"""

from argparse import ArgumentParser
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from tests import sandbox

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
VIEW = "application/vnd.jupyter.widget-view+json"
ASLEEP = "tensor_monsters_view"  # where JupyterLab leaves it when such a notebook is saved
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def execute(notebook, folder: Path) -> None:
    """Fill in the outputs of `notebook`, run in `folder`; raises on the first cell that fails."""
    NotebookClient(
        notebook,
        kernel_name="python3",
        timeout=600,
        record_timing=False,
        store_widget_state=False,
        resources={"metadata": {"path": str(folder)}},
    ).execute()


def settle(notebook) -> None:
    """Take out of `notebook` all that changes from one run to the next."""
    notebook.metadata = nbformat.from_dict(METADATA)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.outputs = joined(cell.outputs)
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if VIEW in data and not {"image/png", "text/plain"} <= set(data):
                raise ValueError(f"cell {cell.id}: a widget with no picture or text to store")
            data.pop(VIEW, None)


def joined(outputs) -> list:
    """The outputs, with what one stream printed in several pieces in one: how many is chance."""
    kept = []
    for output in outputs:
        if output.output_type == "stream" and kept and kept[-1].get("name") == output.name:
            kept[-1].text += output.text
        else:
            kept.append(output)
    return kept


if __name__ == "__main__":
    ArgumentParser(prog="python -m tests.notebooks.rerun",
                   description=__doc__.splitlines()[0]).parse_args()
    with sandbox.new_folder() as folder:
        sandbox.enter(Path(folder))
        sandbox.without_bars()
        for path in NOTEBOOKS:
            print(path.name, flush=True)
            notebook = nbformat.read(path, as_version=4)
            execute(notebook, path.parent)
            settle(notebook)
            nbformat.write(notebook, path)
