"""Files from elsewhere, each against its checksum."""

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import urllib.request
from pathlib import Path

from .pins import CACHE, PINS, ROOT, SiteError, pure_files, version_of, wasm_files


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def checked(path, wanted):
    """The path, if the file has the checksum. Raises SiteError."""
    found = sha256(path.read_bytes())
    if found != wanted:
        raise SiteError(f"{path.name} has the checksum {found[:12]}…, but site/pins.toml wants "
                        f"{wanted[:12]}…: delete {path} and run make site again.")
    return path


def wheels_here():
    """The folder with the WebAssembly wheels on this machine, or None."""
    places = [ROOT.parent / "shared" / "pyodide", os.environ.get("TM_PYODIDE")]
    for place in map(Path, filter(None, places)):
        if all((place / name).is_file() for name in wasm_files()):
            return place
    return None


def wasm_wheels():
    """{file name: path}: from this machine, else from Pyodide's own network. Raises SiteError."""
    here = wheels_here()
    return {name: checked(here / name if here else from_network(name), wanted)
            for name, wanted in wasm_files().items()}


def from_network(name):
    """A wheel as Pyodide publishes it, kept for the next build. Raises SiteError."""
    path = CACHE / name
    if not path.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        try:
            with urllib.request.urlopen(PINS["pyodide"]["wheels"] + name, timeout=60) as answer:
                path.write_bytes(answer.read())
        except OSError as error:
            raise SiteError(f"The WebAssembly wheels are not here and {name} did not come "
                            f"({error}): set TM_PYODIDE to a folder that has them.") from None
    return path


def pure_wheels():
    """{file name: path} of what pip brings. Raises SiteError."""
    missing = [name for name in pure_files() if not (CACHE / name).exists()]
    if missing:
        wanted = ["==".join(version_of(name)) for name in missing]
        target = ["--python-version", PINS["pyodide"]["python"], "--implementation", "py",
                  "--abi", "none", "--platform", "any", "--only-binary", ":all:"]
        run([sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check",
             "--no-deps", *target, "--dest", str(CACHE), *wanted])
    return {name: checked(CACHE / name, wanted) for name, wanted in pure_files().items()}


def kernel_wheels():
    """{file name: path} of what comes with the kernel, from this environment. Raises SiteError."""
    folder = (Path(sys.prefix) / "share" / "jupyter" / "labextensions" / "@jupyterlite"
              / "pyodide-kernel-extension" / "static" / "pypi")
    found = {name: folder / name for name in PINS["kernel"]["files"]}
    for name, path in found.items():
        if not path.is_file():
            raise SiteError(f"{name} is not in this environment: build the pages with make site.")
    return found


def npm(name):
    """The folder of a package of npm that the pins name, unpacked. Raises SiteError."""
    version, integrity = PINS[name]["version"], PINS[name]["integrity"]
    packed, folder = CACHE / f"{name}-{version}.tgz", CACHE / f"{name}-{version}"
    if not packed.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        run([program("npm"), "pack", "--silent", f"{name}@{version}",
             "--pack-destination", str(CACHE)])
    found = base64.b64encode(hashlib.sha512(packed.read_bytes()).digest()).decode()
    if f"sha512-{found}" != integrity:
        raise SiteError(f"{packed.name} is not what site/pins.toml names: delete {packed} and run "
                        "make site again.")
    if not folder.exists():
        with tarfile.open(packed) as archive:
            archive.extractall(folder, filter="data")
    return folder / "package"


def program(name):
    """The path of a program that this environment brings. Raises SiteError."""
    found = shutil.which(name, path=Path(sys.executable).parent)
    if not found:
        raise SiteError(f"{name} is not in this environment: build the pages with make site.")
    return found


def run(command, **options):
    """Run a program to its end. Raises SiteError with what it said last."""
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", **options)
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines() or ["nothing was said"]
        raise SiteError(f"{Path(command[0]).name} failed: {said[-1][:300]}")
    return done.stdout
