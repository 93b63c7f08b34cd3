"""The pages on this machine: served, and as one zip for a server of one's own."""

import http.server
import webbrowser
from functools import partial
from pathlib import Path

from . import wheels
from .pins import BUILD, OUT, SiteError

PORT = 8000
TYPES = {".mjs": "text/javascript", ".js": "text/javascript", ".wasm": "application/wasm",
         ".whl": "application/zip", ".json": "application/json"}


class Handler(http.server.SimpleHTTPRequestHandler):
    """Files with the types that browsers insist on."""

    def guess_type(self, path):
        return TYPES.get(Path(path).suffix) or super().guess_type(path)

    def log_message(self, *_):
        pass


def serve():
    """Serve build/site on this machine and open it, until Ctrl+C."""
    there()
    address = f"http://127.0.0.1:{PORT}/"
    with http.server.ThreadingHTTPServer(("127.0.0.1", PORT),
                                         partial(Handler, directory=str(OUT))) as server:
        print(f"{address}   (Ctrl+C ends it)")
        webbrowser.open(address)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()


def zipped():
    """Pack build/site as build/tensor-monsters-site.zip, for a school's own server."""
    there()
    path = BUILD / "tensor-monsters-site.zip"
    wheels.packed(OUT, path)
    print(f"{path.relative_to(BUILD.parent)}: {path.stat().st_size / 1e6:.1f} MB")


def there():
    """Raises SiteError when nothing was built yet."""
    if not (OUT / "index.html").exists():
        raise SiteError("There is nothing in build/site yet: run make site.")
