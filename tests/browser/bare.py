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


def texts(*names: str) -> str:
    return "\n".join((FOLDER / name).read_text("utf-8") for name in names)


def open_bare(browser, scripts: str, names: str, styles: str = "", scale: float = 1):
    """A page in which these functions of the scripts are global, its errors gathered.

    scale: device pixels to a CSS pixel.
    """
    viewport = {"width": 1000, "height": 700}
    page = browser.new_page(viewport=viewport, device_scale_factor=scale)
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
