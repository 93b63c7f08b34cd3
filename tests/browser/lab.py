"""Start JupyterLab, open notebooks in it, run them, read them."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import nbformat

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "microsoft-edge", "msedge")
INSTALLED = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
# Every cell is in the page, however long the notebook; no news, no saving behind a test's back.
SETTINGS = {
    "notebook-extension/tracker": {"windowingMode": "none"},
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "docmanager-extension/plugin": {"autosave": False},
}
# What looks for language servers: with npm, which may keep a processor busy for minutes.
WITHOUT = ("lsp-extension", "notebook-extension:language-server",
           "fileeditor-extension:language-server")

# What a notebook leaves behind in its kernel: names, and widgets that a new page would ask for.
EMPTY = """
from ipywidgets import Widget
Widget.close_all()
get_ipython().reset(new_session=True, aggressive=False)
"""


class Lab(NamedTuple):
    url: str
    root: Path  # the folder it serves
    settings: Path


def find_browser() -> str | None:
    """Path of a Chromium, or of a browser made from it; TM_BROWSER comes first."""
    named = os.environ.get("TM_BROWSER")
    if named:
        return shutil.which(named)
    found = [shutil.which(name) for name in BROWSERS] + [p for p in INSTALLED if Path(p).exists()]
    return next(filter(None, found), None)


@contextmanager
def running_lab(folder: Path, notebooks: Path):
    """A JupyterLab over a copy of `notebooks`, with settings of its own, all of it in `folder`."""
    shutil.copytree(notebooks, folder / "root", ignore=shutil.ignore_patterns(".*"))
    config = folder / "jupyter_config_dir" / "labconfig" / "page_config.json"
    config.parent.mkdir(parents=True)
    disabled = {f"@jupyterlab/{name}": True for name in WITHOUT}
    config.write_text(json.dumps({"disabledExtensions": disabled}))
    with (folder / "log.txt").open("w") as log:
        lab, server = started(folder, log)
        try:
            yield lab
        finally:
            stop(server)


def started(folder: Path, log, attempts: int = 3) -> tuple[Lab, subprocess.Popen]:
    """A JupyterLab that answers; another port where somebody was quicker to take the free one."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    lab = Lab(url, folder / "root", folder / "settings")
    server = subprocess.Popen(
        lab_command(lab), env=lab_environment(lab, folder), stdout=log, stderr=log)
    if answers(server, url):
        return lab, server
    stop(server)
    if attempts > 1:
        return started(folder, log, attempts - 1)
    said = (folder / "log.txt").read_text("utf-8", errors="replace")
    raise RuntimeError(f"JupyterLab did not start:\n{said[-3000:]}")


def lab_command(lab: Lab) -> list[str]:
    return [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
        f"--ServerApp.root_dir={lab.root}",
        f"--ServerApp.port={lab.url.rpartition(':')[2]}",
        "--ServerApp.port_retries=0",
        "--IdentityProvider.token=",
        "--ServerApp.jpserver_extensions={'jupyter_lsp': False}",
        "--LabApp.expose_app_in_browser=True",  # lets a test call JupyterLab's own commands
    ]


def lab_environment(lab: Lab, folder: Path) -> dict[str, str]:
    """The environment of this process, with every place for settings moved into `folder`."""
    names = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    places = {name: folder / name.lower() for name in (*names, "JUPYTERLAB_WORKSPACES_DIR")}
    places["JUPYTERLAB_SETTINGS_DIR"] = lab.settings
    return os.environ | {name: str(place) for name, place in places.items()}


def reset_settings(lab: Lab) -> None:
    """Forget what a test before has set, such as the theme."""
    shutil.rmtree(lab.settings, ignore_errors=True)
    for plugin, values in SETTINGS.items():
        file = lab.settings / f"@jupyterlab/{plugin}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values))


def answers(server: subprocess.Popen, url: str, seconds: float = 120) -> bool:
    end = time.monotonic() + seconds
    while server.poll() is None and time.monotonic() < end:
        try:
            urllib.request.urlopen(f"{url}/api/status", timeout=5).close()
            return True
        except OSError:
            time.sleep(0.1)
    return False


def stop(server: subprocess.Popen) -> None:
    server.terminate()
    try:
        server.wait(15)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def new_notebook(lab: Lab, cells: list[str], name: str = "scratch.ipynb") -> str:
    """Write a notebook of these code cells where JupyterLab finds it; returns its name."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3 (ipykernel)"}
    nbformat.write(notebook, lab.root / name)
    return name


def open_notebook(page, name: str, kernel: str | None = None) -> None:
    """Open a notebook alone, without side bars, and wait until its kernel is idle.

    `kernel` is the id of one that runs already.
    """
    if page.url == "about:blank":
        page.goto(f"/doc/tree/{name}?reset")
    else:  # JupyterLab is there already: to load it takes longer than all else
        close_notebooks(page)
        command(page, "docmanager:open", {"path": name} | ({"kernel": {"id": kernel}} if kernel
                                                           else {}))
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    wait_until_idle(page)


def close_notebooks(page) -> None:
    """Close what is open, unsaved, and end its kernel."""
    page.evaluate("""async () => {
      for (const widget of [...window.jupyterapp.shell.widgets("main")]) {
        await widget.context?.sessionContext.shutdown();
        widget.dispose();
      }
    }""")


def give_back_kernel(page) -> str | None:
    """Close the notebook that is open; the id of its kernel, emptied, for the next one to use.

    To start a kernel, and to import NumPy and Matplotlib in it, takes seconds. None if it is gone.
    """
    return page.evaluate("""async (empty) => {
      const { context } = window.jupyterapp.shell.currentWidget;
      const kernel = context.sessionContext.session?.kernel;
      if (kernel?.status !== "idle") return null;
      await kernel.requestExecute({ code: empty, silent: true }).done;
      const { id } = kernel;
      for (const widget of [...window.jupyterapp.shell.widgets("main")]) widget.dispose();
      return id;
    }""", EMPTY)


def wait_until_idle(page) -> None:
    page.wait_for_function(
        "() => window.jupyterapp.shell.currentWidget?.context?.sessionContext"
        ".session?.kernel?.status === 'idle'"
    )


def command(page, name: str, arguments: dict | None = None) -> None:
    """Execute a JupyterLab command and wait until it is done."""
    page.evaluate(
        "async ([name, args]) => { await window.jupyterapp.commands.execute(name, args) }",
        [name, arguments or {}],
    )


def run_all(page) -> None:
    """Run every cell, wait for the last one, and fail on the first that raised."""
    command(page, "notebook:run-all-cells")
    wait_until_idle(page)
    outputs = page.evaluate(
        "() => window.jupyterapp.shell.currentWidget.content.widgets"
        ".flatMap(cell => cell.model.outputs?.toJSON() ?? [])"
    )
    errors = [f"{o['ename']}: {o['evalue']}" for o in outputs if o["output_type"] == "error"]
    assert not errors, errors[0]


def start_run_all(page) -> None:
    """Press Run All and return at once, while the cells are still running."""
    page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells') }")


def code_cell(page, index: int):
    """Locator of a code cell, counted from 0 among the code cells; negative from the end."""
    return page.locator(".jp-Notebook .jp-CodeCell").nth(index)


def output(page, index: int):
    """Locator of everything that a code cell shows below its code."""
    return code_cell(page, index).locator(".jp-Cell-outputArea")


def set_theme(page, theme: str) -> None:
    """`theme` is "light" or "dark"."""
    command(page, "apputils:change-theme", {"theme": f"JupyterLab {theme.capitalize()}"})
    shown = f"body[data-jp-theme-light='{str(theme == 'light').lower()}']"
    page.wait_for_selector(shown, state="attached")


def screenshot(locator, path: Path) -> Path:
    """Picture of a locator, or of a page, when its fonts are loaded and it has settled."""
    page = getattr(locator, "page", locator)
    page.evaluate("() => document.fonts.ready.then(() => true)")
    locator.screenshot(path=path, animations="disabled")
    return path
