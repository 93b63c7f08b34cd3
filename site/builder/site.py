"""The whole site, step by step, into build/site."""

import html
import json
import shutil
from base64 import b64encode
from hashlib import sha256

from . import book, fetch, lab, wheels
from .locks import lock_of, needed, preload
from .pins import CACHE, OUT, ROOT, SITE, STAGE
from .report import report

CORE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm")
AWAY = ROOT / "helpers" / "widgets" / "kit" / "away"
PAGE = {"page.js": SITE / "try" / "page.js", "worker.js": SITE / "try" / "worker.js",
        "page.css": SITE / "try" / "page.css", "model.js": AWAY / "model.js"}


def build():
    """Make build/site anew. Raises SiteError."""
    core = fetch.npm("pyodide")
    shutil.rmtree(STAGE, ignore_errors=True)
    STAGE.mkdir(parents=True)
    python, packages = python_folder(core)
    own = own_folder(core)
    packages |= wheels.digests(own)
    firsts(python, own, packages)
    app = app_folder(own)
    lock = lock_of(packages, "", f"../{python.name}/")
    (app / "course-lock.json").write_text(json.dumps(lock, indent=1, sort_keys=True))
    pages(python, app, lock)
    lab.build(python, app)
    book.build()
    shutil.rmtree(wheels.WORK)
    shutil.rmtree(OUT, ignore_errors=True)
    STAGE.rename(OUT)
    report(lock)


def python_folder(core):
    """(the folder of Python and all libraries, {file: sha256} of its wheels)."""
    staging = STAGE / "python"
    shutil.copytree(libraries(core), staging)
    for name in CORE:
        shutil.copyfile(core / name, staging / name)
    packages = wheels.digests(staging)
    return named(staging, "py"), packages


def libraries(core):
    """The folder of all libraries, compiled; made once for the same pins and the same builder."""
    said = [SITE / "pins.toml", *(SITE / "builder" / name for name in (
        "compiling.py", "wheels.py"))]
    key = sha256(b"".join(path.read_bytes() for path in said)).hexdigest()[:12]
    target = CACHE / f"libraries-{key}"
    if not target.exists():
        wheels.fresh()
        wheels.unpacked(fetch.wasm_wheels() | fetch.pure_wheels() | fetch.kernel_wheels())
        wheels.stdlib(core)
        wheels.compiled(core)
        made = CACHE / "libraries"
        shutil.rmtree(made, ignore_errors=True)
        made.mkdir()
        wheels.written("alone", made)
        made.rename(target)
    return target


def own_folder(core):
    """The folder of our own wheels, below STAGE."""
    wheels.fresh()
    course = wheels.helpers_sources()
    page = {path.name: path for path in sorted((SITE / "python").glob("*.py"))}
    wheels.own_wheel("tensor_monsters", "beside", course)  # a student may read its sources
    wheels.own_wheel("course_tab", "alone", course | page)
    wheels.compiled(core)
    own = STAGE / "own"
    own.mkdir()
    for kind in ("beside", "alone"):
        wheels.written(kind, own)
    return own


def named(folder, kind):
    """The folder under a name that holds the checksum of all that is in it."""
    total = sha256()
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        total.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return folder.rename(folder.parent / f"{kind}-{total.hexdigest()[:12]}")


def firsts(python, own, packages):
    """Draw every widget's first state, with the Python of the pages, into WORK/first."""
    lock = lock_of(packages, f"{own}/", "")
    (python / "build-lock.json").write_text(json.dumps(lock))
    (wheels.WORK / "first" / "stills").mkdir(parents=True)
    fetch.run([fetch.program("node"), str(SITE / "builder" / "node.mjs"), str(python),
               str(wheels.WORK), str(SITE / "builder" / "drawing.py"),
               str(python / "build-lock.json"), "course-tab", "matplotlib"])
    (python / "build-lock.json").unlink()


def app_folder(own):
    """The folder of what is ours: pages' scripts, our wheels, first states."""
    staging = STAGE / "app"
    shutil.copytree(wheels.WORK / "first", staging, ignore=shutil.ignore_patterns("stills"))
    shutil.copytree(own, staging, dirs_exist_ok=True)
    shutil.rmtree(own)
    for name, path in PAGE.items():
        shutil.copyfile(path, staging / name)
    return named(staging, "app")


def pages(python, app, lock):
    """The page of one widget, the landing page, the service worker."""
    config = configured(python, app, lock)
    names = config["widgets"]
    options = "".join(f'<option value="{name}">{html.escape(one["title"])}</option>'
                      for name, one in names.items())
    plain = json.dumps(config, ensure_ascii=False, sort_keys=False).replace("<", "\\u003c")
    marks = {"app": f"../{app.name}/", "config": plain, "options": options}
    fill(SITE / "try" / "index.html", STAGE / "try" / "index.html", marks)
    links = "".join(f'<li><a href="try/?w={name}">{html.escape(one["title"])}</a></li>'
                    for name, one in names.items())
    fill(SITE / "landing" / "index.html", STAGE / "index.html",
         {"app": f"{app.name}/", "list": f"<ul>{links}</ul>"})
    fill(SITE / "sw.js", STAGE / "sw.js", {"current": json.dumps([app.name, python.name])})
    # Under a name that stays: they are shown where an update took all else away.
    shutil.copytree(wheels.WORK / "first" / "stills", STAGE / "try" / "stills")
    (STAGE / ".nojekyll").write_text("")


def fill(source, target, marks):
    """A file with every @mark@ replaced."""
    text = source.read_text("utf-8")
    for mark, value in marks.items():
        text = text.replace(f"@{mark}@", value)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, "utf-8")


def configured(python, app, lock):
    """What the page of a widget knows: widgets, files with sizes and checksums, packages."""
    table = json.loads((app / "widgets.json").read_text("utf-8"))
    files = {path.name: path for folder in (python, app) for path in folder.iterdir()
             if path.suffix in {".whl", ".wasm", ".zip"}}
    sizes = {kind: sum(files[name].stat().st_size for name in needed(lock, preload(kind)))
             for kind in ("plain", "pictures")}
    return {"python": f"../{python.name}/", "lock": f"../{app.name}/course-lock.json",
            "packages": preload("plain"), "widgets": table, "sizes": sizes,
            "pictures": [name for name in preload("pictures") if name not in preload("plain")],
            "files": {name: {"integrity": integrity(path)} for name, path in files.items()}}


def integrity(path):
    """A file's checksum as browsers take it."""
    return f"sha256-{b64encode(sha256(path.read_bytes()).digest()).decode()}"
