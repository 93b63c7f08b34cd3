"""The book: lessons, atlas and reference as pages to read, by Sphinx, with stored outputs."""

import os
import re
import shutil
import sys

from . import fetch
from .pages import api, lessons, title_of
from .pins import BUILD, ROOT, SITE, STAGE

WORK = BUILD / "book"
# Where a page in the repository names the cell of its widget, and how to open it.
LIVE = re.compile(r"^Live: `(.+)` in a notebook, or \[(.+)\]\(.+\)\.$", re.MULTILINE)
FORMULA = re.compile(r"\$`(.+?)`\$")
NAMES = re.compile(r"^# .+\n\n`(\w+)`(?: · elsewhere: (.+))?$", re.MULTILINE)
LINK = re.compile(r"(?<!!)\[([^\]]*)\]\(([^)#:]+)(?:#[^)]*)?\)")


def build(target=STAGE / "book"):
    """Make the book at `target`. Raises SiteError."""
    sys.path.insert(0, str(ROOT))  # our own package, as it stands here
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    settings()
    for path in sorted((ROOT / "docs").rglob("*")):
        copied(path)
    names = lessons(WORK)
    (WORK / "api.md").write_text(api(), "utf-8")
    (WORK / "index.md").write_text(contents(names), "utf-8")
    fetch.run([sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-j", "auto", "-b",
               "html", "-d", str(BUILD / "book-doctrees"), str(WORK), str(target)],
              env=os.environ | {"PYTHONPATH": str(ROOT)})
    for name in (".buildinfo", "objects.inv"):
        (target / name).unlink(missing_ok=True)
    shutil.rmtree(target.parent / "jupyter_execute", ignore_errors=True)  # pictures, a second time


def settings():
    """What Sphinx reads besides pages: its settings, styles, MathJax, originals to download."""
    for name in ("_static/mathjax", "_templates", "_extra/notebooks"):
        (WORK / name).mkdir(parents=True)
    shutil.copyfile(SITE / "book" / "conf.py", WORK / "conf.py")
    shutil.copyfile(SITE / "book" / "layout.html", WORK / "_templates" / "layout.html")
    for name in ("book.css", "book.js"):
        shutil.copyfile(SITE / "book" / name, WORK / "_static" / name)
    package = fetch.npm("mathjax")
    shutil.copyfile(package / "es5" / "tex-svg.js", WORK / "_static" / "mathjax" / "tex-svg.js")
    shutil.copyfile(ROOT / "docs" / "explorer.png", WORK / "_static" / "card.png")
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        shutil.copyfile(path, WORK / "_extra" / "notebooks" / path.name)


def copied(path):
    """Copy a page or a picture of docs/; what the repository alone has is named, not linked."""
    target = WORK / path.relative_to(ROOT)
    if path.is_dir():
        target.mkdir(parents=True, exist_ok=True)
    elif path.suffix == ".md":
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(page(path), "utf-8")
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)


def page(path):
    """A page of docs/ as the book has it."""
    text = FORMULA.sub(r"$\1$", path.read_text("utf-8"))
    text = LIVE.sub(lambda found: live(found, path), text)
    text = NAMES.sub(searched, text, count=1) if path.parent.name == "atlas" else text
    return LINK.sub(lambda found: kept(found, path.parent), text) + hidden(path)


def live(found, path):
    """The same with a link to the widget of this site."""
    from helpers.widgets.kit.away.link import packed

    up = "../" * len(path.relative_to(ROOT).parts)
    place = f"{up}try/?w=JacobianExplorer#{packed(found[1])}"
    return f'Live: `{found[1]}` in a notebook, or <a href="{place}">{found[2]}</a>.'


def searched(found):
    """The first lines of an atlas page, with its names as the main words of the index."""
    names = dict.fromkeys([found[1], *(found[2] or "").split(", ")])
    return f"```{{index}} {', '.join(f'! {name}' for name in names if name)}\n```\n\n{found[0]}"


def kept(found, folder):
    """A link, or its words alone where it leads to what the repository has and the book has not."""
    target = (folder / found[2]).resolve()
    inside = any(target.is_relative_to(ROOT / part) for part in ("docs", "notebooks"))
    return found[0] if inside and target.is_file() else found[1]


def hidden(path):
    """The pages below the atlas's index, in the order of its table."""
    if path.parent.name != "atlas" or path.stem != "index":
        return ""
    names = re.findall(r"^\| \[.*?\]\((\w+)\.md\)", path.read_text("utf-8"), re.MULTILINE)
    return toctree("", names)


def toctree(caption, names):
    """A list of pages that the side bar shows."""
    options = f":caption: {caption}\n" if caption else ""
    return f"\n\n```{{toctree}}\n:hidden:\n{options}\n" + "\n".join(names) + "\n```\n"


def contents(names):
    """The first page: what there is, in the order of reading."""
    main = [name for name in names if name.startswith("0")]
    deeper = [name for name in names if not name.startswith("0")]
    others = sorted(path.stem for path in (ROOT / "docs").glob("*.md"))
    first = [name for name in ("cheatsheet", "notation", "corrections") if name in others]
    rest = [name for name in others if name not in first]
    lists = [("The lessons", [f"notebooks/{name}" for name in main]),
             ("Deeper", [f"notebooks/{name}" for name in deeper]),
             ("To look up", ["docs/atlas/index", *(f"docs/{name}" for name in first), "api"]),
             ("More", [f"docs/{name}" for name in rest])]
    lines = ["# Tensor Monsters", "", "The derivative of a layer is a huge tensor; a small array "
             "or a one-line formula does all of its work. Here is the whole course to read, with "
             "the pictures of its widgets; a link on each lesson opens it live.", ""]
    for caption, pages in lists:
        lines += [f"## {caption}", ""]
        lines += [f"- [{title_of(WORK, name)}]({name}.{suffix(name)})" for name in pages] + [""]
    return "\n".join(lines) + "".join(toctree(*one) for one in lists)


def suffix(name):
    """Of a page by its name without one."""
    return "ipynb" if (WORK / f"{name}.ipynb").exists() else "md"
