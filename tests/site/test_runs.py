"""What runs this repository elsewhere: the build of every push, workflows, Binder, Codespaces."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

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
