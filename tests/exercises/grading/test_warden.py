"""What the warden keeps a program from, and lets it do: a small program stands for the kernel."""

import json
import os
import socket
import struct
import subprocess
import sys
import time
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from helpers.exercises.grading import kernel, warden

FENCE = warden.landlock()  # its version: TCP from 4, signals from 6
fenced = pytest.mark.skipif(FENCE < 6, reason="no Landlock, or an older one")

PROGRAM = """
import ctypes, fcntl, json, os, resource, signal, socket, subprocess, sys, time

given, said = json.loads(sys.argv[1]), {}

def tried(name, what):
    try:
        what()
        said[name] = "done"
    except OSError as error:
        said[name] = type(error).__name__

os.makedirs("a/b")
own = open("own", "w+")
tried("own file", lambda: (open("a/x", "w").write("1"), open("a/x").read(), os.listdir("a"),
                           os.rename("a/x", "a/b/x"), os.truncate("a/b/x", 0),
                           os.symlink("x", "a/link"), os.remove("a/b/x"), os.rmdir("a/b")))
tried("own program", lambda: subprocess.run(["/bin/sh", "-c", "exit"], check=True))
tried("null", lambda: (open("/dev/null", "w").write("1"), open("/dev/urandom", "rb").read(1)))
for name, folder in given["folders"].items():
    path = folder + "/file"
    tried(name + " read", lambda: open(path).read())
    tried(name + " list", lambda: os.listdir(folder))
    tried(name + " run", lambda: subprocess.run([path], check=True))
    for kind, what in (("write", lambda: open(path, "a")), ("cut", lambda: os.truncate(path, 0)),
                       ("remove", lambda: os.remove(path)), ("make", lambda: os.mkdir(path + "2")),
                       ("link", lambda: os.symlink("x", path + "3")),
                       ("pipe", lambda: os.mkfifo(path + "4")),
                       ("move", lambda: os.rename("own", path)),
                       ("take", lambda: os.link(path, "taken"))):
        tried(name + " " + kind, what)
tried("connect", lambda: socket.create_connection(("127.0.0.1", given["port"]), 5))
tried("listen", lambda: socket.socket().bind(("127.0.0.1", 0)))
tried("talk", lambda: socket.socket(socket.AF_UNIX).connect(given["abstract"]))
tried("signal", lambda: os.kill(os.getppid(), 0))
tried("device", lambda: fcntl.ioctl(open("/dev/null"), 0x5401, bytes(64)))
said["number"], said["session"] = os.getpid(), os.getsid(0)
said["no new privileges"] = ctypes.CDLL(None).prctl(39, 0, 0, 0, 0)  # PR_GET_NO_NEW_PRIVS
said["limits"] = {name: resource.getrlimit(getattr(resource, "RLIMIT_" + name))
                  for name in ("AS", "FSIZE", "CORE", "NOFILE", "CPU")}
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execv(sys.executable, [sys.executable, "-c", "import time; time.sleep(20)",
                                  given["mark"]])
    os._exit(0)
heard = []
signal.signal(signal.SIGINT, lambda *_: heard.append(1))
open("said", "w").write(json.dumps(said))
os.rename("said", "said.json")
end = time.monotonic() + 60  # should nobody be there to end it
while not heard and not given["ends"] and time.monotonic() < end:
    time.sleep(0.01)
open("heard", "w")
time.sleep(0 if given["ends"] else 20)
"""
LIMITS = {"AS": 1 << 31, "FSIZE": 1 << 20, "CORE": 0, "NOFILE": 64, "CPU": 50}


def folder(path):
    """A folder with a program in it that anybody might run."""
    path.mkdir()
    (path / "file").write_text("#!/bin/sh\nexit 0\n")
    (path / "file").chmod(0o755)
    return str(path)


@contextmanager
def held(tmp_path, given, ends=False):
    """The warden with the program, in a folder of its own; never longer than the test."""
    own = tmp_path / "own"
    own.mkdir()
    command = [sys.executable, "-c", PROGRAM, json.dumps(given | {"ends": ends})]
    text = json.dumps({"command": command, "folder": str(own), "limits": LIMITS,
                       "readable": [*kernel.readable(), given["folders"]["readable"]],
                       "listed": [given["folders"]["listed"]]})
    with subprocess.Popen([sys.executable, "-I", "-S", warden.__file__, text],
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL) as process:
        try:
            yield own, process
        finally:
            process.kill()


def until(there, process, seconds=60):
    """Wait for something to be so, while the warden is there."""
    end = time.monotonic() + seconds
    while not there():
        assert process.poll() is None and time.monotonic() < end
        time.sleep(0.01)


def alive(mark):
    """The programs that have a mark on their command line."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/cmdline", "rb") as file:
                found += [name] if mark.encode() in file.read().split(b"\0") else []
        except OSError:
            pass
    return found


@pytest.fixture
def given(tmp_path):
    """What the program is told, with a line open that it could connect to."""
    mark = f"a child of {tmp_path}"
    with socket.create_server(("127.0.0.1", 0)) as line, socket.socket(socket.AF_UNIX) as other:
        other.bind(f"\0{mark}")
        other.listen()
        yield {"folders": {name: folder(tmp_path / name)
                           for name in ("readable", "listed", "other")},
               "port": line.getsockname()[1], "abstract": f"\0{mark}", "mark": mark}


@fenced
def test_a_program_is_fenced_in_interrupted_and_gone_with_its_children(tmp_path, given):
    with held(tmp_path, given) as (own, process):
        until((own / "said.json").exists, process)
        said = json.loads((own / "said.json").read_text())
        assert int(process.stdout.readline()) == said.pop("number") == said.pop("session")
        assert said.pop("no new privileges") == 1
        assert said.pop("limits") == {name: [most, most] for name, most in LIMITS.items()}
        until(lambda: alive(given["mark"]), process)
        assert not (own / "heard").exists()
        process.stdin.write(b"i")
        process.stdin.flush()
        until((own / "heard").exists, process)
        process.stdin.close()
        process.wait(30)
    assert not alive(given["mark"]) and not own.exists()
    may = {"own file", "own program", "null", "readable read", "readable list", "readable run",
           "listed list"}
    assert {name for name, came in said.items() if came == "done"} == may
    across = {f"{name} {what}" for name in given["folders"] for what in ("move", "take")}
    for name in said.keys() - may:  # from folder to folder it is as if they were other disks
        assert said[name] in ("PermissionError", "OSError" * (name in across)), name
    for name in given["folders"]:
        assert os.listdir(tmp_path / name) == ["file"]
        assert (tmp_path / name / "file").read_text() == "#!/bin/sh\nexit 0\n"


@fenced
def test_where_the_program_ends_the_warden_does(tmp_path, given):
    with held(tmp_path, given, ends=True) as (own, process):
        assert process.wait(60) == 0
    assert not own.exists() and not alive(given["mark"])


class System:
    """Notes what Linux is asked for; restricting oneself comes to `code`."""

    def __init__(self, code=0):
        self.code, self.calls, self.paths = code, [], {}

    def prctl(self, *given):
        self.calls.append(("prctl", *given))

    def syscall(self, number, *given):
        self.calls.append((number, *given))
        if number == warden.ADD:
            rights, handle = struct.unpack("=Qi", given[2])
            self.paths[os.readlink(f"/proc/self/fd/{handle}")] = rights
        return os.open("/dev/null", os.O_RDONLY) if number == warden.CREATE else self.code


@pytest.fixture
def fence(monkeypatch, tmp_path):
    """Build the fence of a version of Landlock; what was asked for."""
    def build(version, code=0):
        system = System(code)
        monkeypatch.setattr(warden, "landlock", lambda: version)
        monkeypatch.setattr(warden, "ctypes", SimpleNamespace(
            CDLL=lambda name, use_errno=False: system, get_errno=lambda: 95))
        (tmp_path / "file").write_text("")
        warden.fence(str(tmp_path), [str(tmp_path / "file"), "/usr", "/not there"], ["/opt"])
        return system

    return build


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone has Landlock")
@pytest.mark.parametrize(("version", "files", "network", "scopes", "size"), [
    (1, 13, 0, 0, 8), (2, 14, 0, 0, 8), (3, 15, 0, 0, 8), (4, 15, 0b11, 0, 16),
    (5, 16, 0b11, 0, 16), (6, 16, 0b11, 0b11, 24), (7, 16, 0b11, 0b11, 24)])
def test_each_version_of_landlock_forbids_all_that_it_knows(fence, tmp_path, version, files,
                                                           network, scopes, size):
    """By linux/landlock.h: so many rights of files, two of TCP from 4, two scopes from 6."""
    system = fence(version)
    (number, rules, told, flags), *others = system.calls
    assert (number, told, flags) == (444, size, 0)
    assert struct.unpack("=QQQ", rules) == (2**files - 1, network, scopes)
    execute, write, read, folder = 1, 2, 4, 8
    device = read | write
    assert system.paths == {
        str(tmp_path): 2**files - 1, str(tmp_path / "file"): execute | read,
        "/usr": execute | read | folder, "/opt": folder, "/dev/null": device, "/dev/zero": device,
        "/dev/urandom": device, "/dev/random": device, "/dev/full": device}
    assert {(call[0], call[2], call[4]) for call in others[:-2]} == {(445, 1, 0)}
    assert others[-2] == ("prctl", 38, 1, 0, 0, 0) and (others[-1][0], others[-1][2]) == (446, 0)
    with pytest.raises(OSError, match="the fence does not hold"):
        fence(version, code=-1)


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone has Landlock")
def test_without_landlock_nothing_is_asked_for(fence):
    assert fence(0).calls == fence(-1).calls == []
