// The fifth panel: whether both ways agree, and what the compact one saves, now and at imagined sizes.

import { sliderRow } from "../kit/controls.js";
import { make, refresh, setText } from "../kit/dom.js";

/** How the slider of an axis looks. */
export function axisSlider(what, more = {}) {
  return ({ letter, most, colour }) => ({ label: letter, options: { low: 1, high: most, says: `${what} ${letter}`,
    className: `tm-letter tm-axis-${colour}`, ...more } });
}

/** The factor in large letters, what it costs, and below it where it comes from: full → compact, row by row. */
export function savingParts({ factor, but, rows }) {
  const cells = rows.flatMap(({ what, full, compact, ratio }) => [what, `${full} → ${compact}`, ratio]);
  const price = but ? [" ", make("small", { class: "tm-but" }, but)] : [];
  return [make("div", { class: "tm-factor" }, factor, ...price),
    make("div", { class: "tm-saving" }, ...cells.map((text) => make("span", {}, text)))];
}

export function verdictPanel(channel) {
  const verdict = make("p", { class: "tm-verdict", role: "status" });
  const now = make("div", {}), later = make("div", {}), sliders = make("div", { class: "tm-sliders" });
  const showSliders = sliderRow(sliders, axisSlider("imagined size of axis", { scale: "powers" }),
    ({ letter }, value, stroke) =>
      channel.send({ kind: "imagine", letter, value, stroke, place: `imagine ${letter}` }));
  const imagined = make("div", {}, make("div", { class: "tm-imagine" }, make("h4", {}, "Now imagine"), sliders), later);
  const title = "5 · The verdict";
  const element = make("div", { class: "tm-panel tm-panel-verdict", role: "group", "aria-label": title },
    make("div", { class: "tm-verdict-line" }, make("h3", {}, title), verdict), make("div", { class: "tm-savings" },
      make("div", { class: "tm-now" }, make("div", { class: "tm-imagine" }, make("h4", {}, "On this screen")), now),
      imagined));
  return { element, update({ verdict: { same, text }, costs, controls }) {
    verdict.className = `tm-verdict ${same ? "tm-same" : "tm-different"}`;
    setText(verdict, `${same ? "✓" : "✗"} ${text}`);
    refresh(now, JSON.stringify(costs.now), () => savingParts(costs.now));
    refresh(later, JSON.stringify([costs.imagined, costs.why]), () =>
      costs.imagined ? savingParts(costs.imagined) : [make("p", { class: "tm-note" }, costs.why)]);
    showSliders(controls.imagined);
    imagined.hidden = !costs.imagined && !costs.why;
  } };
}
