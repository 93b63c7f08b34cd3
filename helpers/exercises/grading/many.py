"""Hundreds of notebooks: several at once, each kept as soon as it is done, in a fixed order."""

import functools
import hashlib
import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from .. import EXERCISES, files
from ..exercise import ExerciseError
from . import kernel
from .one import NOT_TRIED, SOLVED, TRIED, graded

LETTERS = 200  # of a file name; a system allows 255


def grade(handed, *, jobs, seed, seconds, whole, folder=None, by_name=False):
    """The tables of `one.graded`, in the order of `handed`; those that were done before it stopped.

    folder: where each is kept, and found again by the next run with the same seed. On Ctrl+C what
    is done is given back, and the second value says that it is not all.
    """
    places = dict(zip(handed, names(handed), strict=True)) if folder else {}
    marks = {one: mark(one, seed, whole, by_name) for one in handed} if folder else {}
    done = {one: kept(Path(folder, places[one]), marks[one]) for one in places}
    done = {one: table for one, table in done.items() if table}
    waiting = [one for one in handed if one not in done]

    def work(one):
        table = graded(one, seed, seconds, whole, by_name)
        if folder and not kernel.STOP.is_set():
            keep(Path(folder, places[one]), {"mark": marks[one], **table})
        return table

    pool = ThreadPoolExecutor(jobs)
    bar, whole_class = progress(len(waiting)), True
    try:
        futures = {pool.submit(work, one): one for one in waiting}
        for future in as_completed(futures):
            done[futures[future]] = table = future.result()
            bar.update()
            if table["note"]:
                bar.write(f"{one_line(table['file'])}: {one_line(table['note'])}", sys.stderr)
    except KeyboardInterrupt:
        whole_class = False
    finally:
        kernel.STOP.set()
        pool.shutdown(cancel_futures=True)
        kernel.STOP.clear()  # all have ended: a later one is another's
        bar.close()
    return [done[one] for one in handed if one in done], whole_class


def progress(count):
    """A bar on the screen, none where the output goes to a file."""
    from tqdm import tqdm

    return tqdm(total=count, unit="notebook", disable=None if count > 1 else True)


def one_line(text):
    """A text that stays on its line."""
    return "".join(c if c.isprintable() else " " for c in text)


def names(handed):
    """The name of the file in which each result is kept: below the folder, whatever it is called.

    A notebook outside, `../x.ipynb` or `/tmp/x.ipynb`, is kept by what follows the first part.
    """
    taken, found = set(), []
    for one in handed:
        parts = [part for part in Path(one.label).parts
                 if part not in ("..", ".", Path(one.label).anchor)]
        name = "/".join(map(short, parts))
        number = 2
        while f"{name}.json" in taken:
            name, number = f"{'/'.join(map(short, parts))}-{number}", number + 1
        taken.add(f"{name}.json")
        found.append(f"{name}.json")
    return found


def short(part):
    """A part of a path that fits with an ending."""
    raw = os.fsencode(part)
    return part if len(raw) <= LETTERS else hashlib.sha256(raw).hexdigest()


def mark(handed, seed, whole, by_name):
    """What a result depends on, as a short text: "" for what cannot be read."""
    try:
        content = files.raw(handed.path)
    except OSError:
        return ""
    depends = [course(), seed, whole, handed.student if by_name else None,
               hashlib.sha256(content).hexdigest()]
    return hashlib.sha256(json.dumps(depends).encode()).hexdigest()


@functools.cache
def course():
    """A short text that changes with anything in this package that a verdict may depend on."""
    files = sorted(kernel.ROOT.glob("helpers/**/*.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def kept(path, expected):
    """The result that an earlier run left at `path` for the same notebook, or None."""
    try:
        table = json.loads(files.raw(path))
        return table if expected and table.pop("mark") == expected and sound(table) else None
    except (OSError, ValueError, KeyError, AttributeError, TypeError, RecursionError):
        return None


def sound(table):
    """Whether a result has the form that `one.graded` gives it."""
    texts = all(isinstance(table[key], str) for key in ("student", "file", "note"))
    return texts and isinstance(table["seconds"], int | float) and all(
        name in EXERCISES and row["state"] in (SOLVED, TRIED, NOT_TRIED)
        and all(isinstance(row[key], str) for key in ("mistake", "said", "code"))
        for name, row in table["exercises"].items())


def keep(path, table):
    """Write a result at once or not at all."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        files.write(path, (json.dumps(table, indent=1) + "\n").encode())
    except OSError as error:
        raise ExerciseError(f"{path} cannot be written: {error.strerror}.") from error
