// What is wider than its place scrolls; keys can scroll it only where it can be focused.

const WIDE = ".tm-math, .tm-read, .tm-bn-scroll, .tm-g-host", OWN = "[tabindex], button, input, select, a";
const REACHED = { tabindex: "0", role: "group", "aria-label": "Wider than its place: scroll with the arrow keys" };
const REST = 150;  // milliseconds after the last change, for to look costs a layout

function scrolls(element) {
  const down = getComputedStyle(element).overflowY !== "hidden" && element.scrollHeight > element.clientHeight + 1;
  return down || element.scrollWidth > element.clientWidth + 1;
}

/** Let keys reach whatever scrolls in a widget. Gives {soon(): something has changed; stop()}. */
export function watchWide(root) {
  let timer = null;
  const look = () => {
    for (const one of root.querySelectorAll(WIDE)) {
      const reached = "reached" in one.dataset, named = !reached && one.matches(OWN);
      const wanted = !named && scrolls(one) && !one.querySelector(OWN);
      if (reached === wanted) continue;
      one.toggleAttribute("data-reached", wanted);
      for (const [name, value] of Object.entries(REACHED)) {
        if (wanted) one.setAttribute(name, value);
        else one.removeAttribute(name);
      }
    }
  };
  const soon = () => { clearTimeout(timer); timer = setTimeout(look, REST); };
  const size = new ResizeObserver(soon);
  size.observe(root);
  return { soon, stop: () => { clearTimeout(timer); size.disconnect(); } };
}
