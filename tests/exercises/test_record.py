"""Progress between notebooks: kept in one file, never in the way."""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from helpers import exercises
from helpers.exercises import record

ROOT = Path(__file__).parents[2]
COUNTS = {title: len(rows) for title, rows in exercises.NOTEBOOKS.items()} | {"puzzles of 06": 10}
ALL = sum(COUNTS.values())
KEPT = {"progress.json", "progress.json.lock"}
WIDE = max(COUNTS.values())
EMPTY = "\n".join([*(f"{title:28}  {'░' * n:{WIDE}}  0 of {n}" for title, n in COUNTS.items()),
                   f"{'all':28}  {'':{WIDE}}  0 of {ALL}"])


def solve():
    return exercises.relu_backward.check(lambda G, X: G * (X > 0))


def test_without_a_file_nothing_is_solved_and_none_is_made(progress_file):
    assert repr(exercises.progress()) == EMPTY
    exercises.relu_backward.check(lambda G, X: G)
    assert not progress_file.exists()


def test_a_right_answer_fills_a_square(progress_file):
    assert solve().right
    assert json.loads(progress_file.read_text("utf-8")) == {
        "keep": True, "solved": ["relu_backward"]}
    bar = "█" + "░" * (COUNTS["04_tensor_derivatives"] - 1)
    assert f"04_tensor_derivatives         {bar} " in repr(exercises.progress())
    assert {path.name for path in progress_file.parent.iterdir()} == KEPT
    stamp = progress_file.stat().st_mtime_ns
    solve()
    assert progress_file.stat().st_mtime_ns == stamp
    exercises.relu_backward.reset()
    assert repr(exercises.progress()) == EMPTY


def test_puzzles_count_the_ten_in_their_row_and_those_without_end_at_the_foot(progress_file):
    puzzle = exercises.puzzles[1]
    assert puzzle.check(eval(puzzle.answer)).right
    assert f"puzzles of 06                 █{'░' * 9} " in repr(exercises.progress())
    assert repr(exercises.progress()).endswith(f"  1 of {ALL}")
    progress_file.write_text('{"keep": true, "solved": ["puzzle_1", "puzzle_2_5"]}', "utf-8")
    assert repr(exercises.progress()).endswith(f"  1 of {ALL}, and one more puzzle")


def test_one_line_opts_out_for_good(progress_file):
    solve()
    exercises.keep_progress(False)
    assert repr(exercises.progress()) == EMPTY
    solve()
    assert repr(exercises.progress()) == EMPTY
    exercises.keep_progress()
    solve()
    assert f"1 of {ALL}" in repr(exercises.progress())


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"\xff\xfe\x00", b'{"keep": 1}', b"null",
                                 b'{"keep": 1, "solved": []}', b'{"keep": true, "solved": {}}',
                                 b'{"keep": true, "solved": ["a", 1]}',
                                 b'{"keep": true, "solved": [1]}', b"[" * 100_000,
                                 b'{"keep": true, "solved": "abc"}'])
def test_a_damaged_file_is_set_aside(progress_file, raw):
    progress_file.parent.mkdir()
    progress_file.write_bytes(raw)
    assert repr(exercises.progress()) == EMPTY
    assert progress_file.with_name("progress.json.damaged").read_bytes() == raw
    solve()
    assert f"1 of {ALL}" in repr(exercises.progress())


def test_names_of_other_versions_are_kept_and_not_counted(progress_file):
    progress_file.parent.mkdir()
    progress_file.write_text('{"keep": true, "solved": ["of_another_course"]}', "utf-8")
    assert repr(exercises.progress()) == EMPTY
    solve()
    assert "of_another_course" in progress_file.read_text("utf-8")


@pytest.mark.skipif(os.name == "nt", reason="has no such pipes")
@pytest.mark.parametrize("place", ["/", ".", "..", "folder", "fifo", "loop"])
def test_a_place_where_no_file_can_be_keeps_nothing_and_stays_as_it_is(tmp_path, monkeypatch,
                                                                     place):
    monkeypatch.chdir(tmp_path)
    Path("folder").mkdir()
    os.mkfifo("fifo")  # with nobody at its other end: to open it would wait for ever
    Path("loop").symlink_to("loop")
    monkeypatch.setenv(record.VARIABLE, place)
    before = {path.name: path.lstat().st_mode for path in tmp_path.iterdir()}
    assert solve().right and repr(exercises.progress()) == EMPTY
    exercises.keep_progress(False)
    after = {path.name: path.lstat().st_mode for path in tmp_path.iterdir()}
    assert after == before


@pytest.mark.skipif(os.name == "nt", reason="lets few people make links")
def test_a_link_stays_one_and_what_it_leads_to_is_kept(progress_file, tmp_path):
    """Of a folder that several machines share: also its lock and what is damaged are there."""
    shared = tmp_path / "shared" / "mine.json"
    progress_file.parent.mkdir()
    progress_file.symlink_to(Path("..", "shared", "mine.json"))
    assert solve().right  # where there is no folder yet
    assert progress_file.is_symlink() and record.solved() == {"relu_backward"}
    shared.write_text("{")
    assert record.solved() == set()
    assert {path.name for path in shared.parent.iterdir()} == {"mine.json.damaged",
                                                               "mine.json.lock"}
    assert [path.name for path in progress_file.parent.iterdir()] == ["progress.json"]


def test_what_cannot_be_read_is_not_overwritten(progress_file, monkeypatch):
    """One of more bytes than a record has, or on a disk that is gone for a while."""
    solve()
    before = progress_file.read_bytes()
    monkeypatch.setattr(record.files, "LARGEST", 10)
    assert exercises.divide_gate.check(lambda G, x, y: (G / y, -G * x / y**2)).right
    assert repr(exercises.progress()) == EMPTY and progress_file.read_bytes() == before


def test_where_nothing_can_be_written_nothing_is(progress_file, monkeypatch):
    progress_file.parent.write_text("a file where the folder should be", "utf-8")
    assert solve().right
    assert repr(exercises.progress()) == EMPTY
    monkeypatch.setenv(record.VARIABLE, "off")
    assert record.place() is None and solve().right
    exercises.keep_progress(False)
    assert repr(exercises.progress()) == EMPTY


def test_a_write_that_fails_leaves_the_old_file(progress_file, monkeypatch):
    solve()

    def full(*_):
        raise OSError("no space left")

    monkeypatch.setattr(record.os, "replace", full)
    assert exercises.divide_gate.check(lambda G, x, y: (G / y, -G * x / y**2)).right
    assert {path.name for path in progress_file.parent.iterdir()} == KEPT
    assert f"1 of {ALL}" in repr(exercises.progress())


def test_the_folder_is_that_of_the_system():
    home = Path("home")
    assert record.folder("linux", {}, home) == home / ".local" / "share"
    assert record.folder("linux", {"XDG_DATA_HOME": "data"}, home) == Path("data")
    assert record.folder("darwin", {}, home) == home / "Library" / "Application Support"
    assert record.folder("win32", {"LOCALAPPDATA": "local"}, home) == Path("local")
    assert record.folder("win32", {}, home) == home / "AppData" / "Local"
    assert record.folder("emscripten", {}, home) == home / ".local" / "share"


def test_without_a_home_nothing_is_kept(monkeypatch):
    def nowhere():
        raise RuntimeError("no home")

    monkeypatch.delenv(record.VARIABLE)
    monkeypatch.setattr(record.Path, "home", nowhere)
    assert record.place() is None and repr(exercises.progress()) == EMPTY


def test_three_writers_of_one_file_keep_all_names(progress_file):
    program = ("import sys\nfrom helpers.exercises import record\n"
               "for k in range(40):\n    record.add(f'{sys.argv[1]}_{k}')\n")
    writers = [subprocess.Popen([sys.executable, "-c", program, name], cwd=ROOT)
               for name in ("ann", "bob", "cleo")]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    assert len(record.solved()) == 120


def test_one_writes_while_the_others_wait(tmp_path, monkeypatch):
    path = tmp_path / "not" / "there" / "yet.json"
    monkeypatch.setenv(record.VARIABLE, str(path))
    for _ in range(2):  # the second time all is there
        with record.alone():
            handle = os.open(path.with_name("yet.json.lock"), os.O_RDWR)
            assert not record.locked(handle)
        assert record.locked(handle)
        os.close(handle)


def test_a_system_without_flock_locks_a_byte_and_one_without_any_goes_on(monkeypatch):
    asked = []

    def locking(*given):
        asked.append(given)
        if len(asked) > 1:
            raise PermissionError

    monkeypatch.setattr(record, "fcntl", None)
    monkeypatch.setattr(record, "msvcrt", SimpleNamespace(locking=locking, LK_NBLCK=2))
    assert [record.locked(7), record.locked(8)] == [True, False]
    assert asked == [(7, 2, 1), (8, 2, 1)]
    monkeypatch.setattr(record, "msvcrt", None)
    assert record.locked(9) is True


@pytest.mark.skipif(os.name == "nt", reason="has other rights")
def test_what_is_kept_is_for_its_owner_alone(progress_file):
    assert solve().right
    for name in KEPT:
        assert progress_file.with_name(name).stat().st_mode & 0o777 == 0o600


def test_a_lock_that_is_never_given_back_holds_nobody_up_for_long(progress_file, monkeypatch):
    monkeypatch.setattr(record, "PATIENCE", 0.05)
    with record.alone():
        assert solve().right
    assert record.solved() == {"relu_backward"}


def test_hints_come_one_by_one_and_reset_takes_them_back():
    exercise = exercises.relu_backward
    exercise.reset()
    hints = [repr(exercise.hint()) for _ in range(4)]
    assert [len(text.splitlines()) for text in hints] == [1, 2, 3, 3]
    assert hints[2].startswith(hints[1]) and hints[1].startswith(hints[0])
    exercise.reset()
    assert repr(exercise.hint()) == hints[0]
    exercise.reset()


def test_a_solution_has_code_and_derivation():
    for exercise in exercises.EXERCISES.values():
        shown = exercise.solution()._repr_markdown_()
        assert shown.startswith(f"```python\n{exercise.answer}\n```\n\n")
        assert len(exercise.hints) == 3 and exercise.derivation in shown
        assert exercise.task in repr(exercise) and exercise.task in exercise._repr_markdown_()


def test_names_are_words_of_their_own():
    modules = {path.stem for path in Path(exercises.__file__).parent.glob("*.py")}
    assert not modules & set(exercises.EXERCISES)
    assert len(exercises.EXERCISES) == sum(map(len, exercises.NOTEBOOKS.values()))
    assert set(exercises.EXERCISES) <= set(dir(exercises))


def test_an_unknown_exercise_is_named_with_those_near_it():
    with pytest.raises(AttributeError, match=r"no exercise 'relu'.*relu_backward"):
        exercises.relu  # noqa: B018
    with pytest.raises(AttributeError, match=r"no exercise 'sigmoid_bakward'.*sigmoid_backward"):
        exercises.sigmoid_bakward  # noqa: B018


@pytest.mark.parametrize("name", ["relu", "backward", "walk", "x" * 99, "divide_gatee"])
def test_those_near_a_name_hold_it_or_are_the_three_nearest(name):
    with pytest.raises(AttributeError) as error:
        getattr(exercises, name)
    said = str(error.value).partition("Near it are ")[2].partition(";")[0].split(", ")
    held = [known for known in exercises.EXERCISES if name in known]
    assert said == held[:5] if held else len(said) == 3
    assert name[:20] in str(error.value) and len(str(error.value)) < 250
    assert str(error.value).endswith(f"; exercises.EXERCISES has all {len(exercises.EXERCISES)}.")


def test_importing_exercises_is_light():
    program = ("from helpers import exercises\nexercises.relu_backward\nimport sys\n"
               "print(sorted({'matplotlib', 'ipywidgets', 'nbclient', 'IPython', 'nbformat'} "
               "& set(sys.modules)))")
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT,
                          capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
