"""The course in JupyterLite: all notebooks as they are, in a tab."""

import json
import sys

import nbformat

from . import fetch, wheels
from .locks import KERNEL
from .pins import PINS, ROOT, STAGE, SiteError

PLUGIN = "@jupyterlite/pyodide-kernel-extension:kernel"
TRACKER = "@jupyterlab/notebook-extension:tracker"
PROGRESS = "/drive/progress.json"  # what the browser keeps, for all notebooks together


def build(python, app):
    """Make STAGE/lab. Raises SiteError."""
    check_pins()
    lite = wheels.WORK / "lite"
    lite.mkdir()
    (lite / "jupyter-lite.json").write_text(json.dumps(settings(python, app), indent=1))
    contents = lite / "notebooks"
    contents.mkdir()
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        whole = nbformat.read(path, 4)  # the page expects no text in lines, as a server gives it
        (contents / path.name).write_text(json.dumps(whole, ensure_ascii=False), "utf-8")
    fetch.run([sys.executable, "-m", "jupyterlite_core", "build", "--lite-dir", str(lite),
               "--output-dir", str(STAGE / "lab"), "--contents", str(contents),
               "--no-sourcemaps", "--apps", "lab", "--apps", "notebooks"], cwd=lite)


def settings(python, app):
    """What JupyterLite is told: where Python lies, and what a kernel begins with."""
    options = {"lockFileURL": f"../{app.name}/course-lock.json", "packages": KERNEL,
               "env": {"TENSOR_MONSTERS_PROGRESS": PROGRESS, "HOME": "/home/pyodide"}}
    kernel = {"pyodideUrl": f"./../{python.name}/pyodide.mjs", "disablePyPIFallback": True,
              "loadPyodideOptions": options}
    return {"jupyter-lite-schema-version": 0,
            "jupyter-config-data": {
                "appName": "Tensor Monsters", "exposeAppInBrowser": True,
                "litePluginSettings": {PLUGIN: kernel},
                # A widget that is scrolled out of sight stays what it is.
                "settingsOverrides": {TRACKER: {"windowingMode": "none"}}}}


def check_pins():
    """Raises SiteError where the kernel here is made for another Pyodide."""
    try:
        from jupyterlite_pyodide_kernel.constants import PYODIDE_VERSION
    except ImportError:
        raise SiteError("JupyterLite is not in this environment: build the pages with make "
                        "site.") from None
    if PINS["pyodide"]["version"] != PYODIDE_VERSION:
        raise SiteError(f"The kernel wants Pyodide {PYODIDE_VERSION}, but site/pins.toml names "
                        f"{PINS['pyodide']['version']}: choose versions that belong together.")
