"""What belongs together: the versions and checksums of `pins.toml`, and where things lie."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
SITE = ROOT / "site"
BUILD = ROOT / "build"
OUT = BUILD / "site"          # what is published
STAGE = BUILD / "site.new"   # what is being built; it becomes OUT when it is whole
CACHE = BUILD / "fetched"     # what was downloaded, as it came
PINS = tomllib.loads((SITE / "pins.toml").read_text("utf-8"))


class SiteError(RuntimeError):
    """Why the site cannot be built, and what to do, in one line."""


def wasm_files():
    """{file name: sha256} of the wheels that are compiled for WebAssembly."""
    return PINS["wasm"]


def pure_files():
    """{file name: sha256} of the wheels that run anywhere."""
    return PINS["pure"] | PINS["notebooks"]


def version_of(file):
    """(normalized name, version) of a wheel by its file name."""
    name, version, *_ = file.split("-")
    return name.lower().replace("_", "-"), version
