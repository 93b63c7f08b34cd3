// Formulas and pictures are linked: a factor that is pointed at lights its cells, and cells light their factors.

const NEXT_FACTOR = { ArrowRight: 1, ArrowLeft: -1 };

const factorOf = (target) => target?.closest?.("[data-part]") ?? null;

/** Tell Python which factor of a formula in `root` is pointed at, or has the focus; keys go on to the next one. */
export function listenToFactors(root, channel) {
  const point = (factor) => channel.point(factor ? { place: "factor", part: factor.dataset.part } : {});
  for (const [comes, goes] of [["pointerover", "pointerout"], ["focusin", "focusout"]]) {
    root.addEventListener(comes, ({ target, relatedTarget }) => {
      const factor = factorOf(target);
      if (factor && factor !== factorOf(relatedTarget)) point(factor);
    });
    root.addEventListener(goes, ({ target, relatedTarget }) => {
      if (factorOf(target) && !factorOf(relatedTarget)) point(null);
    });
  }
  root.addEventListener("keydown", (event) => {
    const factor = factorOf(event.target), way = NEXT_FACTOR[event.key];
    if (!factor || !way) return;
    const all = [...factor.closest(".tm-math").querySelectorAll("[data-part]")], next = all[all.indexOf(factor) + way];
    if (!next) return;  // at the ends the key scrolls what is too wide
    event.preventDefault();
    factor.setAttribute("tabindex", "-1");
    next.setAttribute("tabindex", "0");
    next.focus();
    next.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
}

/** Light the factors and the whole arrays that a reading names. */
export function lightFactors(root, { parts = [], whole = [] }) {
  for (const factor of root.querySelectorAll("[data-part]")) {
    factor.classList.toggle("tm-lit", parts.includes(factor.dataset.part));
  }
  for (const box of root.querySelectorAll("[data-array]")) {
    box.classList.toggle("tm-lit-array", whole.includes(box.dataset.array));
  }
}
