"""What the pages are built from belongs together, and lies within what the course asks for."""

import re
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
PINS = tomllib.loads((ROOT / "site" / "pins.toml").read_text("utf-8"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
WHEELS = PINS["wasm"] | PINS["pure"] | PINS["notebooks"]
VERSIONS = {name.lower().replace("_", "-"): version
            for name, version, *_ in (file.split("-") for file in WHEELS)}


def test_the_version_of_the_course_is_that_of_the_package():
    assert PINS["course"]["version"] == PROJECT["version"]


def test_the_wheels_are_for_the_python_of_this_pyodide():
    python, abi = PINS["pyodide"]["python"].replace(".", ""), PINS["lock"]["abi_version"]
    assert PINS["lock"]["python"].startswith(PINS["pyodide"]["python"])
    assert PINS["pyodide"]["version"].startswith(python)  # 314.0.4 is made of Python 3.14
    for file in PINS["wasm"]:
        assert file.endswith(f"-cp{python}-cp{python}-pyemscripten_{abi}_wasm32.whl"), file
    assert PINS["pyodide"]["version"] in PINS["pyodide"]["wheels"]


def test_what_the_pages_bring_lies_within_our_ranges():
    ranges = {one.name: one.specifier for one in map(Requirement, PROJECT["dependencies"])}
    brought = set(ranges) & set(VERSIONS)
    assert brought == set(ranges)
    for name in brought:
        assert ranges[name].contains(VERSIONS[name]), (name, VERSIONS[name])


def test_every_file_has_a_checksum():
    assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in WHEELS.values())
    for package in ("pyodide", "mathjax"):
        assert re.fullmatch(r"sha512-[\w+/]{86}==", PINS[package]["integrity"])


def test_every_wheel_that_another_needs_is_there(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "site"))
    from builder.locks import KERNEL, OURS, lock_of, preload

    ours = [f"{name.replace('-', '_')}-1-py3-none-any.whl" for name in OURS]
    files = [*WHEELS, *ours, *PINS["kernel"]["files"]]
    packages = lock_of(dict.fromkeys(files, "0"), "", "../py/")["packages"]
    for package in packages.values():
        assert set(package["depends"]) <= set(packages), package["name"]
    assert {*preload("plain"), *preload("pictures"), *KERNEL} <= set(packages)
    sys.modules.pop("builder", None)


def test_a_file_with_another_checksum_is_refused_in_one_line(monkeypatch, tmp_path):
    monkeypatch.syspath_prepend(str(ROOT / "site"))
    from builder.fetch import checked
    from builder.pins import SiteError

    (tmp_path / "a.whl").write_text("not what was published")
    with pytest.raises(SiteError, match=r"a\.whl has the checksum .* run make site again") as said:
        checked(tmp_path / "a.whl", "0" * 64)
    assert "\n" not in str(said.value)


def test_the_checksum_of_a_build_looks_at_all_but_the_dates_of_notebooks(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "site"))
    from builder.pins import OUT
    from builder.report import checksum

    def of(date, page):
        return checksum({OUT / "lab/api/contents/all.json": f'{{"created": "{date}"}}'.encode(),
                         OUT / "index.html": page})

    today = of("2026-11-28T22:22:03.168826Z", b"page")
    assert of("2025-01-02T03:04:05.678901Z", b"page") == today
    assert of("2026-11-28T22:22:03.168826Z", b"another") != today
