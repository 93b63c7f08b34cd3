"""Files that are read within bounds, and written whole or not at all. Links are followed.

Neither a pipe nor a device is ever waited for, or replaced by a file.
"""

import os
import stat
from contextlib import suppress
from pathlib import Path

LARGEST = 50_000_000  # bytes of a notebook; with all its pictures one of this course has 2 million


def raw(path):
    """The bytes of a regular file of a sensible size. Raises OSError for anything else."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(handle, "rb") as file:
        known = os.fstat(handle)
        if not stat.S_ISREG(known.st_mode):
            raise OSError(0, "it is not a regular file")
        if known.st_size > LARGEST:
            raise OSError(0, f"it has {known.st_size} bytes, more than {LARGEST}")
        return file.read(LARGEST)


def plain(path):
    """The regular file that a path leads to, there or not yet; None where something else is."""
    with suppress(FileNotFoundError):
        if not stat.S_ISREG(os.stat(path).st_mode):
            return None
    return Path(os.path.realpath(path))


def write(path, content, mode=0o666):
    """Write bytes: a file at once or not at all, a device or a pipe as it takes them."""
    target = plain(path)
    if target is None:
        with open(path, "wb") as file:
            file.write(content)
        return
    draft = target.with_name(f".{os.urandom(8).hex()}.new")
    try:
        with open(draft, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
            file.write(content)
        os.replace(draft, target)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
