"""Wheels for the pages: without what no page needs, compiled, under a name with their checksum."""

import shutil
import zipfile
from pathlib import Path

from .fetch import program, run, sha256
from .pins import BUILD, PINS, ROOT, SITE

WORK = BUILD / "work"
# Parts of a path that no page needs.
NEEDLESS = ("/tests/", "numpy/testing/", ".pyi", "/sample_data/", "/pdfcorefonts/", "/images/",
            "/web_backend/", "/f2py/", "/include/", "/lib/pkgconfig", "DejaVuSerif",
            "DejaVuSansMono-", "/axisartist/", "/axes_grid1/", "/afm/", "/_pyinstaller/",
            "conftest.py", "/sphinxext/", "/qt_editor/", ".a", ".h", "/locale/", "/man/",
            "/share/", ".pxd", "/PIL/_webp", "/PIL/_imagingft", "/PIL/_imagingtk",
            *(f"/backends/{part}" for part in (
                "_tkagg", "_backend_tk", "_backend_gtk", "qt_", "backend_gtk", "backend_qt",
                "backend_wx", "backend_tk", "backend_macosx")))
# What jedi knows of packages that are not here: 4,300 files.
FOREIGN = ("/django-stubs/", "/typeshed/stubs/")
DATE = (1980, 1, 1, 0, 0, 0)  # every build writes the same bytes


def packed(folder, path):
    """All files of a folder as a zip, in a fixed order and with a fixed date."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file in sorted(one for one in folder.rglob("*") if one.is_file()):
            entry = zipfile.ZipInfo(file.relative_to(folder).as_posix(), DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, file.read_bytes())


def needless(name):
    """Whether a file of a wheel stays away from the pages."""
    if name.startswith("jedi/"):  # it completes by the very files that others do not need
        return name.startswith("jedi/test") or any(part in name for part in FOREIGN)
    return any(part in f"/{name}" if not part.startswith(".") else name.endswith(part)
               for part in NEEDLESS) and ".dist-info/" not in name


def unpacked(wheels):
    """Every wheel, and Python's own library, as folders below WORK/alone."""
    for file, path in wheels.items():
        target = WORK / "alone" / file
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if not needless(name)]
            archive.extractall(target, names)


def own_wheel(name, kind, sources):
    """A wheel of ours as a folder below WORK/kind; sources: {name inside: path}."""
    version = PINS["course"]["version"]
    file = f"{name}-{version}-py3-none-any.whl"
    folder = WORK / kind / file
    for inside, path in sources.items():
        (folder / inside).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, folder / inside)
    info = folder / f"{name}-{version}.dist-info"
    info.mkdir(parents=True)
    title = name.replace("_", "-")
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {title}\nVersion: {version}\n")
    (info / "WHEEL").write_text("Wheel-Version: 1.0\nGenerator: site\nRoot-Is-Purelib: true\n"
                                "Tag: py3-none-any\n")
    (info / "RECORD").write_text("")


def helpers_sources():
    """{name inside the wheel: path} of the package, as a pip install would bring it."""
    files = sorted(path for path in (ROOT / "helpers").rglob("*") if path.is_file()
                   and path.suffix in {".py", ".js", ".css", ".npz", ".md"})
    return {path.relative_to(ROOT).as_posix(): path for path in files}


def compiled(core):
    """Compile all that was unpacked, with the Python of the pages itself."""
    run([program("node"), str(SITE / "builder" / "node.mjs"), str(core), str(WORK),
         str(SITE / "builder" / "compiling.py")])


def written(kind, target):
    """Zip every wheel below WORK/kind again, into the folder `target`."""
    for folder in (WORK / kind).iterdir():
        packed(folder, target / folder.name)


def digests(folder):
    """{file: sha256} of the wheels in a folder."""
    return {path.name: sha256(path.read_bytes()) for path in sorted(folder.glob("*.whl"))}


def fresh():
    """An empty WORK."""
    shutil.rmtree(WORK, ignore_errors=True)
    for kind in ("alone", "beside"):
        (WORK / kind).mkdir(parents=True)


def stdlib(core):
    """Python's own library, unpacked to be compiled."""
    with zipfile.ZipFile(Path(core) / "python_stdlib.zip") as archive:
        archive.extractall(WORK / "alone" / "python_stdlib.zip")
