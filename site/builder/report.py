"""What was built: how large it is, and whether it is what another build made."""

import re
import zlib
from hashlib import sha256

from .locks import KERNEL, needed, preload
from .pins import OUT, PINS

DATE = re.compile(rb"\d{4}-\d\d-\d\dT[\d:.]+Z")  # when a notebook was copied


def report(lock):
    """Print how large all is, as it lies and as a server may send it, and its checksum."""
    files = {path: path.read_bytes() for path in sorted(OUT.rglob("*")) if path.is_file()}
    small = {path: len(zlib.compress(data, 6)) for path, data in files.items()}

    def told(what, paths):
        sizes = [sum(len(files[one]) for one in paths), sum(small[one] for one in paths)]
        raw, packed = (f"{size / 1e6:.1f} MB" for size in sizes)
        print(f"{what}: {len(paths)} files, {raw}, {packed} compressed")

    told(f"build/site with Pyodide {PINS['pyodide']['version']}", list(files))
    told("  lab/ without its Python", [one for one in files if OUT / "lab" in one.parents])
    for title, packages in (("a widget", preload("plain")), ("a lab", preload("pictures")),
                            ("a notebook", KERNEL)):
        wanted = {*needed(lock, packages), "pyodide.mjs", "pyodide.asm.mjs"}
        told(f"  Python for {title}", [one for one in files if one.name in wanted])
    print(f"  checksum without dates: {checksum(files)}")


def checksum(files):
    """The first letters of the checksum over {path: bytes}; the dates of notebooks do not count."""
    total = sha256()
    for path, data in files.items():
        dated = "contents" in path.parts
        total.update(path.relative_to(OUT).as_posix().encode() + b"\0")
        total.update(sha256(DATE.sub(b"", data) if dated else data).digest())
    return total.hexdigest()[:16]
