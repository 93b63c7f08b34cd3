"""A kernel for one student's code, and what is heard from it: within limits, or it is over.

Its answers come through two sockets in its own folder, where the system has such, and are read as a
stream: nothing that it sends can be larger, more, or later than allowed.
"""

import json
import os
import site
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from pathlib import Path

from . import warden

ROOT = Path(__file__).parents[3]  # where `helpers` is found
LIMITS = {"AS": 4 << 30, "FSIZE": 64 << 20, "CORE": 0, "NOFILE": 512}  # bytes, bytes, bytes, files
START = 120        # seconds to wait for a kernel to start on a busy machine
PATIENCE = 4       # times as long by the clock as by the kernel's own: the machine may be busy
GRACE = 4          # seconds to come back after an interrupt
SETTLE = 30        # seconds for the rest of the output to come after an answer
AT_ONCE = 8 << 20  # bytes of one message
IN_ALL = 32 << 20  # bytes of all messages of output
SYSTEM = ("/usr", "/bin", "/lib", "/lib64", "/etc", "/proc", "/sys", "/dev", "/opt")
KEPT = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "LD_LIBRARY_PATH")
PORTS = ("shell_port", "iopub_port", "stdin_port", "control_port", "hb_port")
STOP = threading.Event()  # set, every kernel of this process ends


class Lost(Exception):
    """The kernel is over; why, in a few words."""


class Kernel:
    """A running kernel: `run` code, `ask` for the text of an expression. It ends with `with`."""

    def __init__(self, seconds):
        import zmq  # these are loaded where somebody grades, not where somebody learns
        from jupyter_client.session import Session

        self.zmq, self.heard, self.seconds = zmq, 0, seconds
        self.end = time.monotonic() + seconds
        self.temporary = tempfile.TemporaryDirectory(prefix="tm-", ignore_cleanup_errors=True)
        self.folder = Path(self.temporary.name).resolve()
        key = uuid.uuid4().hex
        self.session = Session(key=key.encode(), signature_scheme="hmac-sha256")
        self.session.digest_history_size = 0
        address = self.addresses(key)
        self.process = self.started()
        self.shell, self.output = map(zmq.Context.instance().socket, (zmq.DEALER, zmq.SUB))
        self.watch = self.output.get_monitor_socket(zmq.EVENT_DISCONNECTED)
        self.output.setsockopt(zmq.RCVHWM, 8)
        self.output.setsockopt(zmq.SUBSCRIBE, b"")
        for socket, port in ((self.shell, "shell_port"), (self.output, "iopub_port")):
            socket.setsockopt(zmq.MAXMSGSIZE, AT_ONCE)
            socket.connect(address(port))

    def addresses(self, key):
        """Write the file that tells the kernel where to listen; from a port to its address."""
        if os.name == "nt":
            from jupyter_client.connect import write_connection_file

            _, known = write_connection_file(str(self.folder / "k.json"), key=key.encode())
            return lambda port: f"tcp://{known['ip']}:{known[port]}"
        known = {port: number for number, port in enumerate(PORTS, 1)}
        text = json.dumps({**known, "transport": "ipc", "ip": str(self.folder / "k"), "key": key,
                           "signature_scheme": "hmac-sha256", "kernel_name": "python3"})
        (self.folder / "k.json").write_text(text, "utf-8")
        return lambda port: f"ipc://{self.folder / 'k'}-{known[port]}"

    def started(self):
        """The process that holds the kernel: the warden, or on Windows the kernel itself."""
        python = [sys.executable, "-m", "ipykernel_launcher", "-f", str(self.folder / "k.json"),
                  "--HistoryManager.enabled=False", "--InteractiveShell.colors=NoColor"]
        home = {name: str(self.folder) for name in (
            "HOME", "USERPROFILE", "TMPDIR", "TEMP", "TMP", "IPYTHONDIR", "JUPYTER_CONFIG_DIR",
            "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "MPLCONFIGDIR")}
        paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        environment = {
            **{name: os.environ[name] for name in KEPT if name in os.environ}, **home,
            "PYTHONPATH": os.pathsep.join(paths), "PYTHONDONTWRITEBYTECODE": "1",
            "TENSOR_MONSTERS_PROGRESS": "off", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        if os.name == "nt":
            return subprocess.Popen(python, cwd=self.folder, env=environment,
                                    stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                    stderr=subprocess.DEVNULL)
        given = {"command": python, "folder": str(self.folder), "readable": readable(),
                 "listed": [str(ROOT)],
                 "limits": {**LIMITS, "CPU": int(self.seconds) + START}}
        return subprocess.Popen([sys.executable, "-I", "-S", warden.__file__, json.dumps(given)],
                                env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                stderr=subprocess.DEVNULL, start_new_session=True)

    def __enter__(self):
        try:
            self.number = self.process.stdout and int(self.process.stdout.readline() or 0)
            self.greet()
            return self
        except BaseException:
            self.__exit__()
            raise

    def greet(self):
        """Ask until the kernel is heard on both lines: before one is up, what it says is lost."""
        end, answered, heard = time.monotonic() + PATIENCE * START, False, False
        while not (answered and heard):
            asked = self.session.send(self.shell, "kernel_info_request")["header"]["msg_id"]
            again = time.monotonic() + 1
            while time.monotonic() < again and not (answered and heard):
                for socket in self.ready(0.1):
                    if socket is self.shell:
                        answered = bool(self.message())
                    elif socket is self.output:
                        heard = self.overheard(asked) or heard
                    else:
                        self.cut_off()
                if STOP.is_set() or self.process.poll() is not None:
                    raise Lost("the kernel ended")
            if time.monotonic() > end:
                raise Lost("took too long")

    def __exit__(self, *_):
        self.output.disable_monitor()
        for socket in (self.shell, self.output, self.watch):
            socket.close(linger=0)
        if self.process.stdin is None:
            self.process.kill()
        else:
            self.process.stdin.close()
            self.process.stdout.close()
        self.process.wait()
        self.temporary.cleanup()

    def run(self, code, seconds):
        """Run code; the name of the error that it raised and its text, or None."""
        reply = self.execute({"code": code, "user_expressions": {}}, seconds)
        return None if reply.get("status") == "ok" else told(reply)

    def ask(self, expression, seconds):
        """The text that an expression is there. Raises Lost, or ValueError for anything else."""
        reply = self.execute({"code": "", "user_expressions": {"answer": expression}}, seconds)
        found = reply.get("user_expressions", {}).get("answer", {})
        if found.get("status") != "ok":
            raise ValueError(": ".join(told(found)))
        return found["data"]["text/plain"]

    def execute(self, content, seconds):
        """The reply to a request, and all output read that came before it."""
        reply = self.reply("execute_request", {
            "silent": True, "store_history": False, "allow_stdin": False, "stop_on_error": False,
            **content}, seconds)
        return reply if isinstance(reply, dict) else {}

    def reply(self, kind, content, seconds):
        """What the kernel answers. After so many seconds it is interrupted, then Lost.

        They are seconds that the kernel has worked, where that is known, and a few times as many
        by the clock, but not more than half of what is left for the notebook.
        """
        asked = self.session.send(self.shell, kind, content=content)["header"]["msg_id"]
        now, worked = time.monotonic(), self.worked()
        end = now + min(PATIENCE * seconds, max(seconds, (self.end - now) / 2))
        warned, found, idle = False, None, False
        while found is None or not idle:
            late = time.monotonic() > end or (not warned and self.worked() - worked > seconds)
            if late and (warned or not self.interrupt()):
                raise Lost("took too long" if found is None else too_much())
            if late:
                warned, end = True, time.monotonic() + GRACE
            for socket in self.ready(0.2):
                if socket is self.shell:
                    message = self.message()
                    if message["parent_header"].get("msg_id") == asked:
                        found, end, warned = message["content"], time.monotonic() + SETTLE, True
                elif socket is self.output:
                    idle = self.overheard(asked) or idle
                else:
                    self.cut_off()
            if STOP.is_set() or self.process.poll() is not None:
                raise Lost("the kernel ended")
        return found

    def worked(self):
        """The seconds that the kernel has worked so far, 0 where that is not known."""
        try:
            fields = Path(f"/proc/{self.number}/stat").read_text().rpartition(")")[2].split()
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        except (OSError, ValueError, IndexError, AttributeError):
            return 0.0

    def ready(self, seconds):
        """Those of the sockets on which something has come within this time."""
        return self.zmq.select([self.shell, self.output, self.watch], [], [], seconds)[0]

    def cut_off(self):
        """The kernel has ended, or has sent more than one message may hold, which ends the line."""
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            raise Lost(too_much()) from None
        raise Lost("the kernel ended")

    def message(self):
        """The next answer. Raises Lost where it is none."""
        try:
            message = self.session.recv(self.shell)[1]
            if isinstance(message["parent_header"], dict):
                return message
        except Exception as error:  # forged, unsigned, or no JSON: whatever it is, it is no answer
            raise Lost("answered with something that is no message") from error
        raise Lost("answered with something that is no message")

    def overheard(self, asked):
        """Read one message of output; whether it says that the request is done."""
        parts = self.output.recv_multipart()
        self.heard += sum(map(len, parts))
        if self.heard > IN_ALL:
            raise Lost(too_much())
        return asked.encode() in b"".join(parts[1:5]) and b'"idle"' in parts[-1]

    def interrupt(self):
        """Ask what is running to stop; whether that can be asked."""
        if self.process.stdin is None:
            return False
        try:
            self.process.stdin.write(b"i")
            self.process.stdin.flush()
            return True
        except OSError:
            return False


def unfenced():
    """What this system does not prevent, in one sentence; "" where it prevents what it can."""
    if os.name == "nt":
        return ("Windows limits neither memory nor what notebooks do to your files: grade what "
                "strangers wrote in a container (docs/teaching.md).")
    if warden.landlock() < 1:
        return ("This system does not keep notebooks from your files and from the network: grade "
                "what strangers wrote in a container (docs/teaching.md).")
    return ""


def told(reply):
    """(The name of an error, its text in one line), of at most so many letters."""
    return tuple(" ".join(str(reply.get(key, "")).split())[:300] for key in ("ename", "evalue"))


def too_much():
    return f"wrote more than {IN_ALL >> 20} MB of output, or {AT_ONCE >> 20} MB at once"


def readable():
    """The folders that a kernel has to read: the system, Python and this package, not the rest."""
    course = [str(ROOT / "helpers"), site.getusersitepackages()]
    others = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep)
              if path and Path(path).resolve() != ROOT]
    return [*SYSTEM, sys.prefix, sys.base_prefix, *course, *others]
