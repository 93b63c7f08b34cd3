"""`make site-serve` answers this machine, and nobody else in the network."""

import http.server
import sys
import webbrowser
from pathlib import Path

BOUND = []


class Server(http.server.ThreadingHTTPServer):
    """One that does not wait for anybody; port 0: any free one."""

    def __init__(self, address, handler):
        super().__init__((address[0], 0), handler)
        BOUND.append(self.server_address[0])

    def serve_forever(self):
        raise KeyboardInterrupt


def test_the_pages_are_served_on_the_loopback_alone(tmp_path, monkeypatch, capsys):
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2] / "site"))
    from builder import offline

    (tmp_path / "index.html").touch()
    opened = []
    monkeypatch.setattr(offline, "OUT", tmp_path)
    monkeypatch.setattr(http.server, "ThreadingHTTPServer", Server)
    monkeypatch.setattr(webbrowser, "open", opened.append)
    offline.serve()
    assert BOUND == ["127.0.0.1"] and opened == ["http://127.0.0.1:8000/"]
    assert opened[0] in capsys.readouterr().out
    for name in [name for name in sys.modules if name.split(".")[0] == "builder"]:
        del sys.modules[name]
