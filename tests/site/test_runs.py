"""What runs this repository elsewhere: the build of every push, workflows, Binder, Codespaces."""

import json
import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
WHEEL = "numpy-2-cp314-cp314-pyemscripten_2026_0_wasm32.whl"


@pytest.mark.skipif(os.name == "nt", reason="a script for a Debian machine")
@pytest.mark.parametrize(("folder", "goals"), [
    (None, "test"), ("shared/pyodide", "test test-site"), ("elsewhere", "test test-site")])
def test_the_pages_are_tested_where_their_wheels_are(tmp_path, folder, goals):
    for name in ("checkout/.ci", "bin", folder or "nothing"):
        (tmp_path / name).mkdir(parents=True)
    if folder:
        (tmp_path / folder / WHEEL).write_text("")
    shutil.copy(ROOT / ".ci" / "run", tmp_path / "checkout/.ci/run")
    make = tmp_path / "bin" / "make"
    make.write_text('#!/bin/sh\necho "in $(basename "$PWD"): $*"\nexit 7\n')
    make.chmod(0o755)
    env = os.environ | {"PATH": f"{tmp_path}/bin:{os.environ['PATH']}", "TM_BROWSER": "/bin/true",
                        "TM_PYODIDE": str(tmp_path / "elsewhere")}
    done = subprocess.run([tmp_path / "checkout/.ci/run"], env=env, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == f"in checkout: {goals}"
    assert done.returncode == 7  # make's own
    assert ("the pages are not tested" in done.stdout) == (goals == "test")


def steps_of(workflow):
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize("name", ["pages", "tests"])
def test_a_workflow_runs_what_is_there(name):
    workflow = yaml.safe_load((ROOT / f".github/workflows/{name}.yml").read_text("utf-8"))
    assert workflow[True] and workflow["permissions"] == {"contents": "read"}  # `on` is yes in YAML
    goals = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    for job in workflow["jobs"].values():
        assert job["runs-on"] and set([job.get("needs")]) <= {None, *workflow["jobs"]}
    for step in steps_of(workflow):
        assert ("uses" in step) != ("run" in step)
        if "uses" in step:
            assert re.fullmatch(r"actions/[\w-]+@v\d+", step["uses"])
        else:
            make, _, goal = step["run"].partition(" ")
            assert (goal in goals) if make == "make" else os.access(ROOT / make, os.X_OK)


def test_nothing_is_published_that_no_browser_has_opened():
    build, deploy = yaml.safe_load((ROOT / ".github/workflows/pages.yml").read_text("utf-8"))[
        "jobs"].values()
    tested, = (step for step in build["steps"] if step.get("run") == "make test-site")
    assert tested["env"] == {"TM_REQUIRE_BROWSER": 1}
    assert build["steps"][-1]["with"] == {"path": "build/site"}
    assert deploy["needs"] == "build"
    assert deploy["permissions"] == {"pages": "write", "id-token": "write"}


def test_codespaces_and_binder_bring_a_python_that_is_new_enough():
    container = json.loads((ROOT / ".devcontainer/devcontainer.json").read_text("utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    oldest = int(re.fullmatch(r">=3\.(\d+)", project["requires-python"])[1])
    assert int(re.fullmatch(r".*/python:3\.(\d+)", container["image"])[1]) >= oldest
    runtime = (ROOT / "runtime.txt").read_text("utf-8").strip()
    assert int(re.fullmatch(r"python-3\.(\d+)", runtime)[1]) >= oldest
    for name in re.findall(r"\S+\.txt", container["postCreateCommand"]):
        assert (ROOT / name).is_file()
    pattern = re.search(r"allow_origin_pat='(.*)'", container["postAttachCommand"])[1]
    assert re.match(pattern, "https://a-b-8888.app.github.dev")
    assert not re.match(pattern, "https://elsewhere.example/.app.github.dev")
    assert not re.match(pattern, "https://a-b-8888.app.github.dev.elsewhere.example")
