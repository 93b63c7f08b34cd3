"""The lock file that tells Pyodide which wheels there are: ours, and no others."""

from pathlib import Path

from .pins import PINS, version_of

OURS = ("tensor-monsters", "course-tab")
# What a wheel needs here, by normalized names; what it could have besides is left out.
NEEDS = {
    "tensor-monsters": ["numpy", "traitlets", "latex2mathml", "tqdm"],
    "course-tab": ["numpy", "traitlets", "latex2mathml", "tqdm"],  # the same package, compiled
    "matplotlib": ["contourpy", "cycler", "kiwisolver", "numpy", "packaging", "pillow",
                   "pyparsing", "python-dateutil"],
    "contourpy": ["numpy"],
    "python-dateutil": ["six"],
    "ipython": ["decorator", "ipython-pygments-lexers", "jedi", "matplotlib-inline",
                "prompt-toolkit", "pygments", "stack-data", "traitlets", "typing-extensions"],
    "ipython-pygments-lexers": ["pygments"],
    "jedi": ["parso"],
    "matplotlib-inline": ["traitlets"],
    "prompt-toolkit": ["wcwidth"],
    "stack-data": ["asttokens", "executing", "pure-eval"],
    "ipywidgets": ["comm", "ipython", "traitlets", "widgetsnbextension"],
    "anywidget": ["ipywidgets", "psygnal", "typing-extensions"],
    "pyodide-kernel": ["ipykernel", "ipython", "comm", "piplite"],
    "piplite": ["micropip"],
    "micropip": ["packaging"],
}
IMPORTS = {"tensor-monsters": ["helpers"], "course-tab": ["tab"], "pillow": ["PIL"],
           "python-dateutil": ["dateutil"], "ipython": ["IPython"]}


# What a kernel begins with: all that the first cell of any notebook asks for.
KERNEL = ["micropip", "piplite", "ipykernel", "comm", "pyodide-kernel", "jedi", "ipython",
          "anywidget", "matplotlib", "tensor-monsters"]


def preload(kind):
    """The packages that a page begins with: "plain", or with "pictures"."""
    return ["course-tab", *(["matplotlib"] if kind == "pictures" else [])]


def lock_of(files, own, others):
    """A lock file for {file: sha256}; own, others: the way from it to our wheels, to the rest."""
    packages = {}
    for file, digest in sorted(files.items()):
        name, version = version_of(file)
        packages[name] = {
            "name": name, "version": version, "install_dir": "site", "sha256": digest,
            "file_name": (own if name in OURS else others) + file, "package_type": "package",
            "imports": IMPORTS.get(name, [name.replace("-", "_")]),
            "depends": NEEDS.get(name, []), "unvendored_tests": False,
        }
    return {"info": PINS["lock"], "packages": packages}


def needed(lock, packages):
    """The names of the files that are fetched for some packages, with Python itself."""
    wanted, waiting = set(), list(packages)
    while waiting:
        name = waiting.pop()
        if name not in wanted:
            wanted.add(name)
            waiting += lock["packages"][name]["depends"]
    return ["pyodide.asm.wasm", "python_stdlib.zip",
            *(Path(lock["packages"][name]["file_name"]).name for name in sorted(wanted))]
