"""A page without JupyterLab: scripts and styles of helpers/widgets, and a call into them."""

import json
import math
from pathlib import Path

import helpers

FOLDER = Path(helpers.__file__).parent
# nan and ∞ pass as {number: "NaN"}: JSON has no word for them.
WORDS = """
window.unjson = (text) => JSON.parse(text, (_, v) => v && v.number ? Number(v.number) : v);
window.tojson = (value) => JSON.stringify(value,
  (_, v) => typeof v === "number" && !Number.isFinite(v) ? { number: String(v) } : v);
"""


def texts(*names: str) -> str:
    return "\n".join((FOLDER / name).read_text("utf-8") for name in names)


def open_bare(browser, scripts: str, names: str, styles: str = ""):
    """A page in which these functions of the scripts are global, its errors gathered."""
    page = browser.new_page(viewport={"width": 1000, "height": 700})
    page.errors = []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.set_content(f"<style>{styles}</style><body data-jp-theme-light=true></body>")
    given = ", ".join(names.split())
    page.add_script_tag(type="module", content=f"{scripts.replace('export default', 'void')}\n"
                        f"{WORDS}\nObject.assign(window, {{ {given}, ready: true }});")
    page.wait_for_function("window.ready")
    return page


def call(page, expression: str, *arguments):
    """The value of a JavaScript expression, in which `a` are the arguments."""
    given = json.dumps([_marked(argument) for argument in arguments])
    script = f"(text) => {{ const a = unjson(text); return tojson({expression}) }}"
    found = page.evaluate(script, given)
    return None if found is None else json.loads(found, object_hook=_unmarked)


def _marked(value):
    if isinstance(value, float) and not math.isfinite(value):
        return {"number": repr(value).replace("inf", "Infinity").replace("nan", "NaN")}
    if isinstance(value, dict):
        return {name: _marked(item) for name, item in value.items()}
    return [_marked(item) for item in value] if isinstance(value, list) else value


def _unmarked(found):
    return float(found["number"]) if set(found) == {"number"} else found
