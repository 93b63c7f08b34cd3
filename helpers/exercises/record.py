"""Which exercises are solved, kept between notebooks in one small local file. Never an error.

The file is `progress.json` in the user's data folder, or where the environment variable
TENSOR_MONSTERS_PROGRESS says; "off" there, or `exercises.keep_progress(False)`, keeps none.
"""

import contextlib
import json
import os
import sys
import time
from pathlib import Path

from ..calculus.errors import LessonError
from ..words import brief
from . import files

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None
try:
    import msvcrt
except ImportError:  # everywhere but on Windows
    msvcrt = None

VARIABLE = "TENSOR_MONSTERS_PROGRESS"
PATIENCE = 5.0  # seconds to wait for another notebook that writes the same file


def place():
    """The path of the file, links followed; None when nothing is to be kept, or nothing can be.

    A folder or a device there keeps nothing, and it has no lock beside it.
    """
    said = os.environ.get(VARIABLE)
    try:
        if said is not None:
            return None if said in ("", "off") else files.plain(said)
        home = folder(sys.platform, os.environ, Path.home())
        return files.plain(home / "tensor-monsters" / "progress.json")
    except (RuntimeError, OSError):  # no home, or no way there
        return None


def folder(platform, environment, home):
    """Where programs of this user keep their data."""
    if platform == "win32":
        return Path(environment.get("LOCALAPPDATA") or home / "AppData" / "Local")
    if platform == "darwin":
        return home / "Library" / "Application Support"
    return Path(environment.get("XDG_DATA_HOME") or home / ".local" / "share")


def load():
    """{"keep": whether to write, "solved": names}. A damaged file is set aside, as `….damaged`.

    What cannot be read is not written either: it may hold more than nothing.
    """
    path, data = place(), None
    try:
        raw = path and files.raw(path)
        data = raw and parsed(raw)
        if raw is not None and not data:
            path.replace(path.with_name(path.name + ".damaged"))
    except FileNotFoundError:
        pass
    except OSError:
        return {"keep": False, "solved": []}
    return data or {"keep": True, "solved": []}


def parsed(raw):
    """What `save` wrote, from the bytes of a file, or None where they hold something else."""
    try:
        data = json.loads(raw)
        solved = data["solved"]
        sound = isinstance(data["keep"], bool) and isinstance(solved, list)
        return data if sound and all(isinstance(name, str) for name in solved) else None
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def save(data):
    """Write the file at once or not at all; a folder that cannot be written to is no trouble."""
    path = place()
    if path is None:
        return
    with contextlib.suppress(OSError):
        files.write(path, json.dumps(data, indent=1).encode(), 0o600)


def solved():
    """The names of the solved exercises."""
    return set(load()["solved"])


def add(name):
    """Note an exercise as solved."""
    change(lambda names: names | {name})


def remove(name):
    """Note an exercise as not solved."""
    change(lambda names: names - {name})


def change(rule):
    """Apply `rule` to the set of solved names; write only what is new."""
    with alone():
        data = load()
        names = sorted(rule(set(data["solved"])))
        if data["keep"] and names != data["solved"]:
            save({"keep": True, "solved": names})


def keep_progress(keep=True):
    """Keep a record of solved exercises from now on, or, with False, none, and forget the old.

    Raises LessonError for what is neither: "no" would be true.
    """
    if type(keep) is not bool:
        raise LessonError(f"keep_progress takes True or False, not {brief(keep)}: "
                          "exercises.keep_progress(False) keeps none.")
    with alone():
        save({"keep": True, "solved": load()["solved"]} if keep else {"keep": False, "solved": []})


@contextlib.contextmanager
def alone():
    """While this lasts no other notebook changes the file: what each of them adds is kept.

    Where no lock can be had, on a strange file system or when its holder hangs, it goes on without.
    """
    path, handle = place(), None
    with contextlib.suppress(OSError):
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o600)
            end = time.monotonic() + PATIENCE
            while not locked(handle) and time.monotonic() < end:
                time.sleep(0.01)
    try:
        yield
    finally:
        if handle is not None:
            os.close(handle)  # and with it the lock goes


def locked(handle):
    """Whether this process has now the lock on an open file. Raises OSError where there is none."""
    try:
        if hasattr(fcntl, "flock"):  # in a browser's own Python it has none
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        elif msvcrt:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    except (BlockingIOError, PermissionError):
        return False
    return True


def bar(done):
    """A full square for each that is done, then empty ones."""
    return "█" * sum(done) + "░" * (len(done) - sum(done))
