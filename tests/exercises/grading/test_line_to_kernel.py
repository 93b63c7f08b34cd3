"""What the grader hears of a kernel, and until when: a thread plays the kernel, well or badly."""

import json
import os
import subprocess
import sys
import threading
import time
from types import SimpleNamespace

import pytest
import zmq
from jupyter_client.session import Session

from helpers.exercises.grading import kernel as kernels

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a line of another kind")
WARDEN = """
import os, sys
print(os.getpid(), flush=True)
while said := os.read(0, 1):
    open("interrupted", "ab").write(said)
"""


class Played(threading.Thread):
    """Answers requests through `rule(kernel, number, request)`; number counts them from 0."""

    def __init__(self, folder, rule):
        super().__init__(daemon=True)
        self.folder, self.rule, self.over = folder, rule, threading.Event()
        self.given = json.loads((folder / "k.json").read_text("utf-8"))
        self.session = Session(key=self.given["key"].encode())
        self.start()

    def run(self):
        with zmq.Context() as context, context.socket(zmq.ROUTER) as self.shell, \
                context.socket(zmq.PUB) as self.output:
            for socket, port in (self.shell, "shell_port"), (self.output, "iopub_port"):
                socket.linger = 0
                socket.bind(f"ipc://{self.given['ip']}-{self.given[port]}")
            number = 0
            while not self.over.wait(0.005):
                if self.shell.poll(5):
                    self.sender, request = self.session.recv(self.shell, mode=0)
                    self.rule(self, number, request)
                    number += 1

    def answer(self, request, **content):
        self.session.send(self.shell, "reply", content, request, ident=self.sender)

    def publish(self, request, **content):
        self.session.send(self.output, "status", content, request, ident=b"status")

    def done(self, request, **content):
        self.answer(request, **content)
        self.publish(request, execution_state="idle")


@pytest.fixture
def playing(monkeypatch):
    """A kernel that a rule plays, once it has been greeted."""
    opened = []

    def play(rule, greeted=True):
        def started(self):
            self.played = Played(self.folder, rule if not greeted else (
                lambda kernel, number, request: kernel.done(request) if not number
                or request["msg_type"] == "kernel_info_request" else rule(kernel, number, request)))
            return subprocess.Popen([sys.executable, "-c", WARDEN], cwd=self.folder,
                                    stdin=subprocess.PIPE, stdout=subprocess.PIPE)

        monkeypatch.setattr(kernels.Kernel, "started", started)
        opened.append(kernels.Kernel(1000))
        return opened[-1]

    yield play
    for one in opened:
        one.played.over.set()
        one.played.join()


def test_it_is_asked_until_it_is_heard_on_both_lines(playing):
    asked = []

    def late(kernel, number, request):
        asked.append(request["msg_type"])
        if number == 1:
            kernel.answer(request)
        if number == 2:
            kernel.publish(request, execution_state="busy")
        if number >= 3:
            kernel.publish(request, execution_state="idle")

    with playing(late, greeted=False):
        assert {*asked} == {"kernel_info_request"} and len(asked) >= 4


def test_code_is_run_and_an_expression_asked_for(playing):
    def honest(kernel, number, request):
        text = request["content"]["user_expressions"].get("answer", request["content"]["code"])
        assert {name: request["content"][name] for name in (
            "silent", "store_history", "allow_stdin", "stop_on_error")} == {
                "silent": True, "store_history": False, "allow_stdin": False,
                "stop_on_error": False}
        bad = {"status": "error", "ename": "Bad\n", "evalue": " of \n many  words" + "!" * 999}
        kernel.done({"header": {"msg_id": "another"}, "parent_header": {}}, status="error")
        kernel.done(request, status="ok", user_expressions={"answer": bad if text == "1 / 0" else {
            "status": "ok", "data": {"text/plain": text}}}) if text != "stop" else (
            kernel.done(request, **bad))

    with playing(honest) as kernel:
        assert kernel.run("x = 1", 60) is None
        name, text = kernel.run("stop", 60)
        assert name == "Bad" and text.startswith("of many words!") and len(text) == 300
        assert kernel.ask("2 + 2", 60) == "2 + 2"
        with pytest.raises(ValueError, match=r"^Bad: of many words!"):
            kernel.ask("1 / 0", 60)


def lost(kernel, seconds=60):
    with pytest.raises(kernels.Lost) as why:
        kernel.run("", seconds)
    return str(why.value)


@pytest.mark.parametrize(("size", "times", "said"), [
    (400, 60, "wrote more than 0 MB of output, or 0 MB at once"), (400, 3, None),
    (20_000, 1, "wrote more than 0 MB of output, or 0 MB at once")])
def test_output_beyond_the_limits_is_the_end(playing, monkeypatch, size, times, said):
    monkeypatch.setattr(kernels, "AT_ONCE", 15_000)
    monkeypatch.setattr(kernels, "IN_ALL", 25_000)

    def loud(kernel, number, request):
        for _ in range(times):
            kernel.publish(request, text="x" * size)
        kernel.done(request, status="ok")

    with playing(loud) as kernel:
        kernel.heard = 0  # of the greeting, which a busy machine repeats
        monkeypatch.setattr(kernel.process, "wait", waits_not(kernel.process.wait))
        assert (lost(kernel) if said else kernel.run("", 60)) == said


def waits_not(wait):
    return lambda seconds=None: wait(seconds and 0.01)


def test_what_is_no_message_is_the_end(playing):
    def forging(kernel, number, request):
        Session(key=b"another").send(kernel.shell, "reply", {}, request, ident=kernel.sender)

    with playing(forging) as kernel:
        assert lost(kernel) == "answered with something that is no message"


def test_a_kernel_that_ends_is_lost_at_once(playing):
    def ending(kernel, number, request):
        played.process.stdin.close()

    with playing(ending) as played:
        assert lost(played) == "the kernel ended"


@pytest.mark.parametrize("obeys", [True, False])
def test_what_takes_too_long_is_interrupted_and_then_lost(playing, monkeypatch, obeys):
    monkeypatch.setattr(kernels, "GRACE", 60 if obeys else 0.3)

    def slow(kernel, number, request):
        while not (kernel.folder / "interrupted").exists() and not kernel.over.wait(0.01):
            pass
        waited.append(time.monotonic())
        if obeys:
            kernel.done(request, status="error", ename="KeyboardInterrupt", evalue="")

    waited = []
    with playing(slow) as kernel:
        begun = time.monotonic()
        said = kernel.run("", 0.3) if obeys else lost(kernel, 0.3)
        assert said == (("KeyboardInterrupt", "") if obeys else "took too long")
        assert (kernel.folder / "interrupted").read_bytes() == b"i"
    assert 4 * 0.3 < waited[0] - begun < 60  # by the clock four times as long as by its own


def test_output_that_never_ends_after_the_answer_is_the_end(playing, monkeypatch):
    monkeypatch.setattr(kernels, "SETTLE", 0.3)
    with playing(lambda kernel, number, request: kernel.answer(request, status="ok")) as kernel:
        assert lost(kernel).startswith("wrote more than 32 MB of output, or 8 MB at once")


def test_the_work_of_a_kernel_is_its_own(playing):
    with playing(None) as kernel:
        before, kernel.number = kernel.worked(), os.getpid()
        own = sum(os.times()[:2])
        assert before < 5 and abs(kernel.worked() - own) < 0.1
        kernel.number = 0
        assert kernel.worked() == 0


def test_a_kernel_is_told_nothing_that_it_need_not_know(monkeypatch, playing):
    """No variable of the grader's, no home, no folder of others."""
    started = kernels.Kernel.started
    with playing(None) as kernel:
        seen = {}
        monkeypatch.setenv("A_SECRET", "token")
        monkeypatch.setenv("PYTHONPATH", os.pathsep.join(["/elsewhere", str(kernels.ROOT)]))
        monkeypatch.setattr(subprocess, "Popen", lambda command, **keywords: seen.update(
            keywords, command=command))
        started(kernel)
        given, environment, own = json.loads(seen["command"][-1]), seen["env"], str(kernel.folder)
    assert "A_SECRET" not in environment and environment["PATH"] == os.environ["PATH"]
    assert {name for name, value in environment.items() if value == own} >= {
        "HOME", "TMPDIR", "IPYTHONDIR", "JUPYTER_CONFIG_DIR", "MPLCONFIGDIR"}
    assert environment["PYTHONPATH"].split(os.pathsep)[0] == str(kernels.ROOT)
    assert environment["TENSOR_MONSTERS_PROGRESS"] == "off"
    assert seen["start_new_session"] and given["folder"] == own
    assert given["limits"]["CPU"] == 1000 + kernels.START
    assert f"{own}/k.json" in given["command"] and given["listed"] == [str(kernels.ROOT)]
    assert {"/elsewhere", str(kernels.ROOT / "helpers"), sys.prefix} <= {*given["readable"]}
    assert not {str(kernels.ROOT), os.path.expanduser("~"), "/", "/tmp"} & {*given["readable"]}


def test_on_windows_the_kernel_is_started_by_itself_and_heard_by_tcp(playing, monkeypatch):
    """No warden, no limits: what `unfenced` says. It cannot be interrupted, and is killed."""
    started, addresses = kernels.Kernel.started, kernels.Kernel.addresses
    with playing(None) as kernel:
        windows = SimpleNamespace(name="nt", environ=os.environ, pathsep=";", path=os.path)
        monkeypatch.setattr(kernels, "os", windows)
        seen = {}
        monkeypatch.setattr(subprocess, "Popen", lambda command, **keywords: seen.update(
            keywords, command=command))
        address = addresses(kernel, "secret")
        started(kernel)
        monkeypatch.undo()
        known = json.loads((kernel.folder / "k.json").read_text("utf-8"))
    assert known["key"] == "secret" and known["transport"] == "tcp"
    for port in ("shell_port", "iopub_port"):
        assert address(port) == f"tcp://127.0.0.1:{known[port]}"
    assert seen["command"][:3] == [sys.executable, "-m", "ipykernel_launcher"]
    assert seen["cwd"] == kernel.folder and seen["env"]["HOME"] == str(kernel.folder)
    assert "PATH" in seen["env"] and "A_SECRET" not in seen["env"]
    assert seen["stdin"] == seen["stdout"] == seen["stderr"] == subprocess.DEVNULL


def test_a_kernel_without_a_warden_is_killed_and_not_interrupted(playing):
    kernel = playing(None)
    own = kernel.process
    kernel.process = SimpleNamespace(stdin=None, stdout=None, wait=own.wait, kill=own.kill,
                                     poll=own.poll)
    assert kernel.interrupt() is False
    with kernel:
        assert kernel.worked() == 0
    own.stdin.close()
    own.stdout.close()
    assert own.poll() is not None and not kernel.folder.exists()


def test_a_kernel_that_hears_nothing_for_long_is_given_up(playing, monkeypatch):
    monkeypatch.setattr(kernels, "START", 0.1)
    with pytest.raises(kernels.Lost, match="took too long"):
        playing(lambda *_: None, greeted=False).__enter__()


@pytest.mark.parametrize(("left", "seconds", "most"), [(1000, 5, 20), (30, 5, 15), (6, 5, 5)])
def test_an_answer_takes_at_most_half_of_what_is_left_or_its_own_time(playing, monkeypatch, left,
                                                                     seconds, most):
    """By the clock: four times as long as it may work, as the machine may be busy."""
    with playing(lambda kernel, number, request: None) as kernel:
        now = [time.monotonic()]
        kernel.end = now[0] + left
        ticks = iter([0, most - 0.01, most - 0.01, most + 0.01, 1e6])

        def clock():
            return begun + next(ticks, 1e6)

        begun = now[0]
        monkeypatch.setattr(kernels.time, "monotonic", clock)
        monkeypatch.setattr(kernel, "ready", lambda seconds: [])
        told = []
        monkeypatch.setattr(kernel, "interrupt", lambda: told.append(1) or False)
        monkeypatch.setattr(kernel, "worked", lambda: 0.0)
        with pytest.raises(kernels.Lost, match="took too long"):
            kernel.reply("execute_request", {}, seconds)
        assert next(ticks, None) == 1e6 and told == [1]
        monkeypatch.undo()


ID = b"asked"
PARTS = [b"topic", b"<IDS|MSG>", b"sign", b"header", b'{"msg_id": "asked"}', b"{}", b'"idle"']


@pytest.mark.parametrize(("parts", "done"), [
    (PARTS, True), ([*PARTS[:6], b'"busy"'], False), ([ID, *PARTS[1:4], b"{}", *PARTS[5:]], False),
    ([*PARTS[:4], b"{}", ID, PARTS[6]], False), ([*PARTS[:4], ID, b"{}", b"idle"], False),
    ([*PARTS[:4], b"{}", b"{}", b'"idle" asked'], False),
    ([*PARTS[:4], b'asked "idle"', b"{}", b"{}"], False)])
def test_output_is_over_when_its_own_request_is_said_to_be_idle(parts, done):
    """The request stands in the header of the parent, the state in the content: nowhere else."""
    kernel = kernels.Kernel.__new__(kernels.Kernel)
    kernel.heard, kernel.output = 7, SimpleNamespace(recv_multipart=lambda: parts)
    assert kernel.overheard("asked") is done and kernel.heard == 7 + sum(map(len, parts))
    kernel.heard = kernels.IN_ALL - sum(map(len, parts))
    assert kernel.overheard("asked") is done, "as much as is allowed"
    kernel.heard = kernels.IN_ALL - sum(map(len, parts)) + 1
    with pytest.raises(kernels.Lost, match="wrote more than 32 MB of output, or 8 MB at once"):
        kernel.overheard("asked")


def test_an_answer_that_is_no_table_is_an_error_without_a_name():
    kernel = kernels.Kernel.__new__(kernels.Kernel)
    kernel.reply = lambda kind, content, seconds: [kind]
    assert kernel.run("x", 1) == ("", "")
    with pytest.raises(ValueError, match=r"^: $"):
        kernel.ask("x", 1)
    kernel.reply = lambda *_: {"status": "ok"}
    assert kernel.run("x", 1) is None


def test_the_course_is_read_and_its_own_path_is_not_named_twice(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(["", "/one", str(kernels.ROOT), "/two"]))
    there = kernels.readable()
    assert there[-2:] == ["/one", "/two"] and str(kernels.ROOT) not in there
    assert str(kernels.ROOT / "helpers") in there and (kernels.ROOT / "pyproject.toml").exists()
