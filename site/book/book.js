// A widget in place: its page is loaded when the button is pressed, not before.
function live(link) {
  const place = document.createElement("p"), button = document.createElement("button");
  place.className = "live";
  button.type = "button";
  button.textContent = "Show it live, here";
  button.addEventListener("click", () => {
    const frame = document.createElement("iframe");
    frame.src = link.href;
    frame.title = link.dataset.title || "The explorer, live";
    frame.allow = "fullscreen";
    button.replaceWith(frame);
  });
  place.append(button);
  link.closest("p").after(place);
}

// What scrolls can be reached by keys.
function reachable() {
  const boxes = ".pst-scrollable-table-container, mjx-container[display], pre, .output, .cell_output, " +
    "p:has(> img)";
  for (const box of document.querySelectorAll(boxes)) {
    if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
  }
}

// Names and places that the theme leaves out.
function named() {
  for (const one of document.querySelectorAll("summary:not([aria-label])")) {
    if (!one.textContent.trim()) one.setAttribute("aria-label", "Show the pages below");
  }
  document.querySelector(".sidebar-primary-items__start")?.setAttribute("role", "navigation");
  document.querySelector(".sidebar-primary-items__start")?.setAttribute("aria-label", "Contents of the book");
}

// What is found by a name of the index has no text of its own there: the page's first lines are shown.
// A page that is found by several of its parts is named once, where it stands first: the last is the best.
function searching() {
  if (typeof Search === "undefined") return;
  const made = Search.makeSearchSummary, search = Search._performSearch;
  Search.makeSearchSummary = (html, words, anchor) =>
    made(html, words, anchor) ?? made(html, words, "") ?? document.createElement("p");
  Search._performSearch = (...query) => {
    const best = new Map();
    for (const one of search(...query)) {
      best.delete(one[0]);
      best.set(one[0], one);
    }
    return [...best.values()];
  };
}

// Paper is light.
function printing() {
  const root = document.documentElement;
  let theme = root.dataset.theme;
  window.addEventListener("beforeprint", () => {
    theme = root.dataset.theme;
    root.dataset.theme = "light";
  });
  window.addEventListener("afterprint", () => { root.dataset.theme = theme; });
}

document.addEventListener("DOMContentLoaded", () => {
  searching();
  printing();
  named();
  for (const link of document.querySelectorAll('article a[href*="try/?w="]')) live(link);
  reachable();
});
window.addEventListener("load", () => {
  const ready = window.MathJax?.startup?.promise ?? Promise.resolve();
  ready.then(reachable);
});
