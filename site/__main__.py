"""`python site build` makes the pages in build/site; `serve` opens them; `zip` packs them."""

import sys

from builder import build, serve, zipped
from builder.pins import SiteError

WHAT = {"build": build, "serve": serve, "zip": zipped}

if __name__ == "__main__":
    what = sys.argv[1] if len(sys.argv) == 2 else ""
    if what not in WHAT:
        sys.exit(f"python site build, serve or zip, not {what!r}.")
    try:
        WHAT[what]()
    except SiteError as error:
        sys.exit(str(error))
