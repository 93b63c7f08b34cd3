"""Holds one student's kernel: within limits, and gone with all that it started when it is over.

This file is run by itself, with the standard library alone, as `python -I -S warden.py JSON`; it
starts the kernel as a child and prints its number. Who started it writes "i" to interrupt the
kernel, and closes its input to end it. Linux gives the most: processes that left the kernel's
group come back to the warden and are killed, and Landlock lets the kernel write in its own folder
only, connect nowhere, read neither the notebooks of others nor signal their processes. Elsewhere
the kernel's group is killed, and the limits of size hold.
"""

import contextlib
import ctypes
import json
import os
import select
import shutil
import signal
import struct
import subprocess
import sys
import time

SUBREAPER, NO_NEW_PRIVILEGES = 36, 38      # prctl, from linux/prctl.h
CREATE, ADD, RESTRICT = 444, 445, 446      # the system calls of Landlock, the same on every machine
READING = 1 << 0 | 1 << 2 | 1 << 3         # execute, read a file, read a folder
LISTING = 1 << 3
WRITING = 1 << 1                           # what a device such as /dev/null is asked for
# rights of files, of the network and of signals: known from this version of Landlock on
FILES = {1: (1 << 13) - 1, 2: 1 << 13, 3: 1 << 14, 5: 1 << 15}
NETWORK, SCOPES = {4: 0b11}, {6: 0b11}


def main(given):
    """Hold the kernel that `given` describes until it ends, or is to end."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)
    kernel = subprocess.Popen(
        given["command"], cwd=given["folder"], start_new_session=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        preexec_fn=lambda: confine(given))
    try:
        with contextlib.suppress(OSError):  # nobody is there to read it: the input is closed, too
            os.write(1, b"%d\n" % kernel.pid)
        while kernel.poll() is None:
            if select.select([0], [], [], 0.1)[0]:
                said = os.read(0, 1)
                if not said:
                    break
                kernel.send_signal(signal.SIGINT)
    finally:
        end(kernel)
        shutil.rmtree(given["folder"], ignore_errors=True)  # should who started this be gone


def confine(given):
    """Set the limits of this process, and of all that it will start."""
    import resource  # not on Windows

    for name, amount in given["limits"].items():
        with contextlib.suppress(OSError, ValueError, AttributeError):
            kind = getattr(resource, f"RLIMIT_{name}")
            most = resource.getrlimit(kind)[1]
            amount = amount if most == resource.RLIM_INFINITY else min(amount, most)
            resource.setrlimit(kind, (amount, amount))
    if sys.platform == "linux":
        fence(given["folder"], given["readable"], given["listed"])


def fence(folder, readable, listed):
    """Landlock, as much as this system has of it; what it has not is said in the guide."""
    system, version = ctypes.CDLL(None, use_errno=True), landlock()
    if version < 1:
        return
    files, network, scopes = (sum(bits for since, bits in table.items() if since <= version)
                              for table in (FILES, NETWORK, SCOPES))
    rules = struct.pack("=QQQ", files, network, scopes)  # what is forbidden where nothing allows it
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    handle = system.syscall(CREATE, rules, size, 0)
    for path in readable:
        allow(system, handle, path, READING)
    for path in listed:
        allow(system, handle, path, LISTING)
    for path in ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random", "/dev/full"):
        allow(system, handle, path, 1 << 2 | WRITING)
    allow(system, handle, folder, files)
    system.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    if system.syscall(RESTRICT, handle, 0):
        raise OSError(ctypes.get_errno(), "the fence does not hold")  # then no kernel is started
    os.close(handle)


def landlock():
    """The version of Landlock that this system has, 0 or less for none."""
    return ctypes.CDLL(None).syscall(CREATE, None, 0, 1) if sys.platform == "linux" else 0


def allow(system, handle, path, rights):
    """Allow these rights beneath a path, if there is one."""
    with contextlib.suppress(OSError):
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
        rights = rights if os.path.isdir(path) else rights & 0b111
        system.syscall(ADD, handle, 1, struct.pack("=Qi", rights, opened), 0)
        os.close(opened)


def end(kernel):
    """Kill the kernel, its group, and what left the group."""
    with contextlib.suppress(OSError):
        os.killpg(kernel.pid, signal.SIGKILL)
    kernel.wait()
    until = time.monotonic() + 5
    while time.monotonic() < until:
        for process in descendants():
            with contextlib.suppress(OSError):
                os.kill(process, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
            time.sleep(0.01)
            continue
        return


def descendants():
    """The processes that this one, or one of its descendants, has started, on Linux."""
    parents = {}
    for name in os.listdir("/proc") if os.path.isdir("/proc/self") else ():
        with contextlib.suppress(OSError, ValueError):
            with open(f"/proc/{name}/stat", "rb") as file:
                parents[int(name)] = int(file.read().rpartition(b")")[2].split()[1])
    found, new = set(), {os.getpid()}
    while new:
        new = {child for child, parent in parents.items() if parent in new} - found
        found |= new
    return found


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
