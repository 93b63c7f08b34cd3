"""What axe-core says against a part of a page; its script comes with a package, not by network."""

from importlib.resources import files

SCRIPT = files("axe_playwright_python").joinpath("axe.min.js")
RUN = """async (selector) => {
  const options = { preload: false, resultTypes: ["violations"] };
  const found = await axe.run({ include: [[selector]] }, options);
  return found.violations.flatMap(({ id, nodes }) => nodes.map((node) =>
    `${id}: ${node.target.at(-1)} ${node.html.slice(0, 160)} ${node.any.concat(node.all, node.none)
      .map((one) => one.message).join("; ").slice(0, 200)}`));
}"""


def violations(page, selector):
    """One line for every element that breaks a rule, inside the elements of a selector."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(SCRIPT.read_text(encoding="utf-8"))
    return page.evaluate(RUN, selector)
