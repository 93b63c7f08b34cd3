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
  const boxes = ".pst-scrollable-table-container, mjx-container[display], pre, .output";
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
function summaries() {
  if (typeof Search === "undefined") return;
  const made = Search.makeSearchSummary;
  Search.makeSearchSummary = (html, words, anchor) =>
    made(html, words, anchor) ?? made(html, words, "") ?? document.createElement("p");
}

document.addEventListener("DOMContentLoaded", () => {
  summaries();
  named();
  for (const link of document.querySelectorAll('article a[href*="try/?w="]')) live(link);
  reachable();
});
window.addEventListener("load", () => {
  const ready = window.MathJax?.startup?.promise ?? Promise.resolve();
  ready.then(reachable);
});
