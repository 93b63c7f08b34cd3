"""A page without JupyterLab that imports files of `helpers`, and calls into them."""

import base64
import json
import math
import re
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest

import helpers

FOLDER = Path(helpers.__file__).parent
HOST = "http://bare.test"
EMPTY = "<!doctype html><body data-jp-theme-light=true></body>"
# nan and ∞ pass as {number: "NaN"}, as JSON has no word for them; an array as its bytes, base64.
WORDS = """
const floats = (text) =>
  new Float64Array(Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0)).buffer);
window.unjson = (text) => JSON.parse(text, (_, v) =>
  v && v.number ? Number(v.number) : v && v.floats !== undefined ? floats(v.floats) : v);
window.tojson = (value) => JSON.stringify(value,
  (_, v) => typeof v === "number" && !Number.isFinite(v) ? { number: String(v) } : v);
/** Lead a pointer over these places: every element there hears of it as from a mouse. */
window.lead = (places) => {
  let last = null;
  const tell = (target, kind, [clientX, clientY], bubbles = true) => target?.dispatchEvent(
    new PointerEvent(kind, { clientX, clientY, bubbles, pointerType: "mouse", isPrimary: true }));
  for (const place of places) {
    const target = document.elementFromPoint(...place);
    if (target !== last) {
      const left = [];
      for (let one = last; one && !one.contains(target); one = one.parentElement) left.push(one);
      for (const one of left) tell(one, "pointerleave", place, false);
      tell(target, "pointerover", place);
    }
    tell(target, "pointermove", place);
    last = target;
  }
};
"""


def open_bare(browser, imports: dict[str, str], more: str = "", styles: str = "",
              scale: float = 1):
    """A page that imports the files of `helpers` as a browser does, its errors gathered.

    imports: names by file, all made global; more: a script that may use them; scale: device
    pixels to a CSS pixel.
    """
    viewport = {"width": 1000, "height": 700}
    page = browser.new_page(viewport=viewport, device_scale_factor=scale)
    page.errors = []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.route(f"{HOST}/**", serve)
    page.goto(f"{HOST}/")
    if styles:
        page.add_style_tag(content=styles)
        roots = " ".join(re.findall(r"@scope \(\.([\w-]+)\)", styles))
        page.evaluate("(names) => { document.body.className = names }", roots)
    lines = [f'import {{ {names.replace(" as ", "=").replace(" ", ", ").replace("=", " as ")} }} '
             f'from "/{file}";' for file, names in imports.items()]
    given = ", ".join(name for names in imports.values()
                      for name in re.sub(r"\w+ as ", "", names).split())
    page.add_script_tag(type="module", content="\n".join(
        [*lines, WORDS, more, f"Object.assign(window, {{ {given}, ready: true }});"]))
    page.wait_for_function("window.ready", timeout=10_000)
    return page


def bare_page(imports: dict[str, str], more: str = "", styles: str = ""):
    """A fixture: such a page for all tests of a module, which may leave no error behind."""
    @pytest.fixture(scope="module")
    def page(browser):
        page = open_bare(browser, imports, more, styles)
        yield page
        assert page.errors == []
        page.close()
    return page


def serve(route):
    """An empty page, or a file of `helpers`."""
    file = FOLDER / urlsplit(route.request.url).path.lstrip("/")
    if file.suffix == ".js":
        route.fulfill(path=file, content_type="text/javascript")
    else:
        route.fulfill(body=EMPTY, content_type="text/html")


def call(page, expression: str, *arguments):
    """The value of a JavaScript expression, in which `a` are the arguments."""
    given = json.dumps([_marked(argument) for argument in arguments])
    script = f"(text) => {{ const a = unjson(text); return tojson({expression}) }}"
    found = page.evaluate(script, given)
    return None if found is None else json.loads(found, object_hook=_unmarked)


def _marked(value):
    if isinstance(value, float) and not math.isfinite(value):
        return {"number": repr(value).replace("inf", "Infinity").replace("nan", "NaN")}
    if isinstance(value, np.ndarray):
        return {"floats": base64.b64encode(value.astype("<f8").tobytes()).decode()}
    if isinstance(value, dict):
        return {name: _marked(item) for name, item in value.items()}
    return [_marked(item) for item in value] if isinstance(value, list) else value


def _unmarked(found):
    return float(found["number"]) if set(found) == {"number"} else found
