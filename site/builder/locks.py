"""The lock file that tells Pyodide which wheels there are: ours, and no others."""

from .pins import PINS, version_of

OURS = ("tensor-monsters", "course-tab")
# What a wheel needs here, by normalized names; what it could have besides is left out.
NEEDS = {
    "tensor-monsters": ["numpy", "traitlets", "latex2mathml", "tqdm"],
    "course-tab": ["tensor-monsters"],
    "matplotlib": ["contourpy", "cycler", "kiwisolver", "numpy", "packaging", "pillow",
                   "pyparsing", "python-dateutil"],
    "contourpy": ["numpy"],
    "python-dateutil": ["six"],
}
IMPORTS = {"tensor-monsters": ["helpers"], "course-tab": ["tab"], "pillow": ["PIL"],
           "python-dateutil": ["dateutil"], "kiwisolver": ["kiwisolver"]}


def preload(kind):
    """The packages that a page begins with: "plain", or with "pictures"."""
    return ["course-tab", *(["matplotlib"] if kind == "pictures" else [])]


def lock_of(files, own):
    """A lock file for {file: sha256}; `own`: the way from the others to our folder."""
    packages = {}
    for file, digest in sorted(files.items()):
        name, version = version_of(file)
        packages[name] = {
            "name": name, "version": version, "install_dir": "site", "sha256": digest,
            "file_name": own + file if name in OURS else file, "package_type": "package",
            "imports": IMPORTS.get(name, [name.replace("-", "_")]),
            "depends": NEEDS.get(name, []), "unvendored_tests": False,
        }
    return {"info": PINS["lock"], "packages": packages}
