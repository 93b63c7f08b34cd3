// Whether the page around a widget is dark: JupyterLab, VS Code, Colab and marimo each say it in a manner of their own.

const THEME_SIGNS = ["class", "theme", "data-jp-theme-light", "data-jp-theme-name", "data-vscode-theme-kind"];

/** Whether the page is dark; one that says nothing is light. */
export function pageIsDark() {
  const { body, documentElement: page } = document, { jpThemeLight, vscodeThemeKind } = body.dataset;
  if (jpThemeLight) return jpThemeLight === "false";
  if (vscodeThemeKind) return ["vscode-dark", "vscode-high-contrast"].includes(vscodeThemeKind);
  return page.getAttribute("theme") === "dark" || [page, body].some(({ classList }) => classList.contains("dark"));
}

/** Call `changed` whenever the page has got another theme. Returns what ends that. */
export function watchTheme(changed) {
  const theme = () => `${pageIsDark()} ${document.body.dataset.jpThemeName}`;
  let last = theme();
  const watch = new MutationObserver(() => {
    if (theme() === last) return;
    last = theme();
    changed();
  });
  for (const element of [document.documentElement, document.body]) {
    watch.observe(element, { attributes: true, attributeFilter: THEME_SIGNS });
  }
  return () => watch.disconnect();
}
