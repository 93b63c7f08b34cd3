"""What a teacher types: what is missing is refused, what is not said has its default."""

import os
import threading

import pytest

from helpers.exercises import __main__ as command
from tests.exercises.grading.handing_in import notebook


@pytest.mark.parametrize("line", [
    "", "grade", "release x.ipynb", "release --to d", "gradescope", "gradescope --to z --lessons",
    "release x --to d --nbgrader --seed-by-name n", "grade x --jobs 0", "grade x --seed one",
    "grade x --timeout 0", "grade x --timeout -1", "grade x --timeout nan", "mark x"])
def test_a_command_without_what_it_needs_is_refused(line, capsys):
    with pytest.raises(SystemExit) as refused:
        command.main(line.split())
    assert refused.value.code == 2 and capsys.readouterr().err.startswith("usage: ")


def test_what_is_not_said_has_its_default():
    assert vars(command.parser().parse_args(["grade", "a", "b"])) == {
        "command": "grade", "notebooks": ["a", "b"], "csv": None, "json": None, "report": None,
        "jobs": os.cpu_count(), "seed": 1, "timeout": 300, "whole": False, "seed_by_name": False}
    assert command.parser().parse_args(["grade", "a", "--jobs", "1", "--whole"]).whole
    assert vars(command.parser().parse_args(["release", "a", "--to", "d"])) == {
        "command": "release", "notebooks": ["a"], "to": "d", "nbgrader": False,
        "seed_by_name": None}


@pytest.fixture
def handed(tmp_path, monkeypatch):
    """Two notebooks, of which the first is graded; what the grader was asked."""
    for name in ("ann", "bob"):
        notebook(tmp_path / f"{name}.ipynb", "1")
    asked = []

    def graded(handed, **given):
        asked.append(given)
        return [{"student": "ann", "file": "ann.ipynb", "note": "", "seconds": 1.0, "exercises": {
            "relu_backward": {"state": "solved", "mistake": "", "said": "right", "code": ""}}}], (
            given["whole"])

    monkeypatch.setattr(command.grading, "grade", graded)
    monkeypatch.setattr(command.grading, "unfenced", lambda: "take care")
    return str(tmp_path), asked


TABLE = "student,file,solved,of,relu_backward,note\nann,ann.ipynb,1,1,1,\n"


def test_what_is_done_is_printed_and_a_stop_is_told(handed, capsys):
    folder, asked = handed
    assert command.main(["grade", folder, "--seed", "-3", "--jobs", "2", "--timeout", "9"]) == 130
    assert capsys.readouterr() == (
        TABLE, "take care\nstopped: 1 of 2 done: --json DIR keeps what is done\n")
    assert asked == [{"jobs": 2, "seed": 3, "seconds": 9.0, "whole": False, "folder": None,
                      "by_name": False}]
    assert command.main(["grade", folder, "--json", f"{folder}/kept", "--seed-by-name"]) == 130
    assert capsys.readouterr().err.endswith("1 of 2 done; the same command goes on\n")
    assert asked[1]["folder"] == f"{folder}/kept" and asked[1]["by_name"] is True


def test_what_was_asked_for_is_written_instead(handed, capsys):
    folder, _ = handed
    assert command.main(["grade", folder, "--whole", "--csv", f"{folder}/grades.csv", "--report",
                         f"{folder}/class.html"]) == 0
    assert capsys.readouterr() == ("", "take care\n")
    with open(f"{folder}/grades.csv", encoding="utf-8-sig") as file:
        assert file.read() == TABLE
    with open(f"{folder}/class-mistakes.csv", encoding="utf-8-sig") as file:
        assert file.read().endswith("04_tensor_derivatives,relu_backward,1,0,0,,\n")
    with open(f"{folder}/class.html", encoding="utf-8") as file:
        assert file.read().startswith("<!DOCTYPE html>")


@pytest.mark.parametrize("asked", [
    "--csv .", "--csv /", "--csv ..", "--csv {}/folder", "--csv {}/link", "--csv {}/none/x.csv",
    "--csv {}/ann.ipynb/x.csv", "--csv {}/{long}", "--report .", "--report /",
    "--report {}/folder", "--report {}/class.html", "--report {}/{almost}", "--json {}/ann.ipynb"])
def test_a_place_that_cannot_be_written_is_refused_before_grading_begins(handed, capsys, asked,
                                                                       tmp_path):
    folder, graded = handed
    for name in ("folder", "class-mistakes.csv"):
        (tmp_path / name).mkdir()
    (tmp_path / "link").symlink_to("folder")
    before = sorted(tmp_path.rglob("*"))
    words = asked.format(folder, long="x" * 300, almost="x" * 245 + ".html").split()
    assert command.main(["grade", folder, "--whole", *words]) == 1
    out, error = capsys.readouterr()
    assert (out, error.count("\n"), graded) == ("", 1, []), error
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.skipif(os.name == "nt", reason="has no such pipes")
def test_a_table_goes_into_a_pipe(handed, tmp_path):
    folder, _ = handed
    fifo, got = tmp_path / "fifo.csv", []
    os.mkfifo(fifo)
    reader = threading.Thread(target=lambda: got.append(fifo.read_text("utf-8-sig")), daemon=True)
    reader.start()
    assert command.main(["grade", folder, "--whole", "--csv", str(fifo)]) == 0
    reader.join(10)
    assert got == [TABLE] and fifo.is_fifo()


def test_no_notebook_is_one_line(tmp_path, capsys):
    assert command.main(["grade", str(tmp_path)]) == 1
    assert capsys.readouterr().err.count("\n") == 1
