"""One text of JavaScript for a widget: its entry file and all that this imports, each once.

anywidget takes one text (given a path, it keeps every instance alive), and a page may have no
network to fetch others. So the imports, which a browser follows by itself, are followed here.
"""

import posixpath
import re
from importlib import resources

from ...pictures.palette import theme

IMPORT = re.compile(r'^import \{([^}]*)\} from "(\.[^"]*)";\n', re.MULTILINE)
OTHER_IMPORT = re.compile(r"^import\b.*", re.MULTILINE)
# The class of its own that a widget's frame has, the last of those it is given.
ROOT = re.compile(r'^export default widget\("(?:[\w-]+ )*([\w-]+)"', re.MULTILINE)
DEFINED = re.compile(r"^(export )?(?:async )?(?:function|const|let|class) (\w+)", re.MULTILINE)


class BundleError(ImportError):
    """Files that do not fit together: both are named, and what to do."""


def script(entry):
    """The JavaScript of an entry file of `helpers`, after all that it imports.

    Raises BundleError for a missing file or export, a circle, and a name defined twice.
    """
    texts, homes = followed(entry), {}
    for name, text in texts.items():
        for _, defined in DEFINED.findall(text):
            if homes.setdefault(defined, name) != name:
                raise BundleError(f"{homes[defined]} and {name} both define {defined}: "
                                  "rename one, for the page sees them as one file.")
    bare = (re.sub(r"^export (?!default)", "", IMPORT.sub("", text), flags=re.MULTILINE)
            for text in texts.values())
    return "\n".join(bare)


def styles(entry):
    """The colours of both themes, and the sheets of every folder that the script is from.

    What the widget's own folder says holds in this widget alone and wins over what it shares with
    others: on a page with several widgets the sheets come in any order, each with the shared ones.
    (`@scope`: in Chromium since 118, Safari 17.4, Firefox 146.)
    """
    texts = followed(entry)
    folders = dict.fromkeys(posixpath.dirname(name) for name in texts)
    own = [folder for folder in folders if folder.startswith(posixpath.dirname(entry))]
    shared = [file for folder in folders if folder not in own for file in sheets(folder)]
    mine = [file for folder in own for file in sheets(folder)]
    if root := ROOT.search(texts[entry]):
        mine = [f"@scope (.{root[1]}-place) {{", *mine, "}"]  # what holds the frame: see mount.js
    return "\n".join([theme(), *shared, *mine])


def sheets(folder):
    """The texts of a folder's sheets, the one with the colours first."""
    files = resources.files("helpers").joinpath(folder).iterdir()
    found = sorted((one for one in files if one.name.endswith(".css")),
                   key=lambda one: (one.name != "theme.css", one.name))
    return [one.read_text(encoding="utf-8") for one in found]


def followed(name, above=()):
    """{file: text} of a file and all that it imports, each after what it needs."""
    if name in above:
        raise BundleError(f"{' imports '.join([*above[above.index(name):], name])}: "
                          "take what both need into a third file.")
    file, texts = resources.files("helpers").joinpath(name), {}
    if not file.is_file():
        raise BundleError(f"{above[-1] if above else 'A widget'} imports {name}, "
                          "but there is no such file.")
    text = file.read_text(encoding="utf-8")
    for names, source in IMPORT.findall(text):
        other = posixpath.normpath(posixpath.join(posixpath.dirname(name), source))
        texts |= followed(other, (*above, name)) if other not in texts else {}
        exported = {defined for export, defined in DEFINED.findall(texts[other]) if export}
        for missing in {one.strip() for one in names.split(",")} - {""} - exported:
            raise BundleError(f"{name} imports {missing} from {other}, which does not export it.")
    if other := OTHER_IMPORT.search(IMPORT.sub("", text)):
        raise BundleError(f"{name} says {other[0]!r}: imports are by name, from a file of the "
                          'project, as in import { make } from "../kit/dom.js";')
    return {**texts, name: text}
