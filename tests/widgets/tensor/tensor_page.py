"""A page with the picture of a full Jacobian, and specs as Python sends them."""

import numpy as np

from helpers.widgets.kit.bundle import styles
from helpers.widgets.tensor.tensor import tensor_spec
from tests.browser.bare import call, open_bare

FILES = {
    "widgets/tensor/tensor.js": "tensorView", "widgets/tensor/shades.js": "codeOf shortNumber",
    "widgets/tensor/tracks.js": "tracksOf cellsAt",
    "widgets/tensor/expand.js": "pageOf forEachNonzero entryAt countStructural countEntries "
                                "entryOnPage describeEntry markedCells tensorLabel "
                                "isStructural forEachTied",
}
HELP = """
const read = ({ core, ...spec }) => (
  { ...spec, core: { ...core, values: Float64Array.from(core.values) } });
const show = (spec, width, highlight = {}) => {
  const root = document.querySelector(".tm-root"), host = document.createElement("div");
  root.replaceChildren(host);
  host.style.width = `${width}px`;
  window.points = [];
  window.view = tensorView(host, { onPoint: (entry) => points.push(entry) });
  window.spec = read(spec);
  view.update(window.spec, highlight);
  return 0;
};
const pixels = (name = "cells") => {
  const canvas = document.querySelector(`.tm-tensor-${name}`);
  const { width, height } = canvas;
  return { width, data: canvas.getContext("2d").getImageData(0, 0, width, height).data };
};
/** The pixels of one colour, as [x, y]. */
const pixelsLike = (colour, name) => {
  const { width, data } = pixels(name), found = [];
  for (let at = 0; at < data.length; at += 4) {
    if (!colour.every((part, k) => data[at + k] === part)) continue;
    found.push([at / 4 % width, Math.floor(at / 4 / width)]);
  }
  return found;
};
const frame = () => new Promise(requestAnimationFrame);
const settled = () => frame().then(frame);
Object.assign(window, { read, show, pixelsLike, settled });
"""
POSITIVE, NEGATIVE, HATCH, MARK = (33, 102, 172), (179, 88, 6), (238, 241, 244), (191, 13, 102)


def open_tensor_page(browser, more="", scale=1):
    """A bare page with the functions of the picture, which the script `more` may use."""
    return open_bare(browser, FILES, HELP + more, styles("widgets/tensor/alone.js"), scale)


def make_spec(outer, inner, letters, core, sizes, mode="tiles", name="∂Y/∂X"):
    """A spec as Python sends it, its core as an array."""
    spec = tensor_spec(name, outer, inner, letters, core, sizes, mode)
    spec["core"]["values"] = np.frombuffer(spec["core"]["values"], "<" + spec["core"]["dtype"])
    return spec


def relu(n, h, mode="tiles", **given):
    """The spec of a ReLU's Jacobian with a mask of ones, except where given by flat index."""
    mask = np.ones((n, h))
    for index, value in given.get("entries", {}).items():
        mask.flat[index] = value
    return make_spec("nh", "nh", "nh", mask, {"n": n, "h": h}, mode)


def show(page, spec, width=520, highlight=None):
    call(page, "show(a[0], a[1], a[2])", spec, width, highlight or {})
    page.evaluate("settled()")
    return page.get_by_role("application")


def positions(page, colour, name="cells"):
    """[x, y] of every pixel of this colour, on the canvas of the cells or of the marks."""
    return np.array(call(page, "pixelsLike(a[0], a[1])", list(colour), name)).reshape(-1, 2)
