"""Where the course is published: `make home REPOSITORY=owner/name` writes it in all places.

The one place that says it is `[project.urls]` of pyproject.toml. From there the badges of the
README follow, its picture's link, and the cell that installs the course in Colab.
"""

import json
import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
FIRST = "notebooks/00_start_here.ipynb"
URLS = re.compile(r"\n\[project\.urls\].*?(?=\n\[)", re.DOTALL)
BETWEEN = re.compile(r"(<!-- home -->\n).*?(\n<!-- /home -->)", re.DOTALL)
PICTURE = "docs/explorer.png"
ALT = ("The explorer on a ReLU: the inputs, the full Jacobian as twelve tiles, the mask that "
       "replaces it, and the same gradient twice")


def urls(repository=None):
    """{"Homepage": the pages, "Repository": …} of owner/name, else what pyproject.toml says."""
    if repository is None:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
        return project.get("urls", {})
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", repository):
        sys.exit(f"REPOSITORY must be owner/name, as GitHub has it, not {repository!r}.")
    owner, name = repository.split("/")
    return {"Homepage": f"https://{owner.lower()}.github.io/{name}/",
            "Repository": f"https://github.com/{repository}"}


def badges(home):
    """The first lines of the README: where the course opens, and its picture, a link too."""
    if not home:
        where = "docs/where-it-runs.md#open-it-without-installing-anything"
        return (f"[Open in the browser]({where}) · [Binder]({where}) · [Colab]({where}) · "
                f"[Codespaces]({where})\n\n[![{ALT}]({PICTURE})]({where})")
    name = home["Repository"].removeprefix("https://github.com/")
    shown = [("Open in the browser", "https://img.shields.io/badge/open-in_the_browser-0b62d6.svg",
              home["Homepage"]),
             ("Open in Binder", "https://mybinder.org/badge_logo.svg",
              f"https://mybinder.org/v2/gh/{name}/HEAD?urlpath=lab/tree/{FIRST}"),
             ("Open in Colab", "https://colab.research.google.com/assets/colab-badge.svg",
              f"https://colab.research.google.com/github/{name}/blob/main/{FIRST}"),
             ("Open in Codespaces", "https://github.com/codespaces/badge.svg",
              f"https://codespaces.new/{name}")]
    lines = [f"[![{says}]({picture})]({link})" for says, picture, link in shown]
    live = f"{home['Homepage']}try/?w=JacobianExplorer"
    return "\n".join([*lines, "", f"[![{ALT}]({PICTURE})]({live})"])


def colab(home):
    """The source of the cell that installs the course in Colab, and does nothing elsewhere."""
    does = (f"%pip install --quiet git+{home['Repository']}" if home else
            'raise RuntimeError("Not published yet: run it on your computer (README.md)")')
    return f'import sys\n\nif "google.colab" in sys.modules:\n    {does}'


def write(home):
    """Write it into the three files."""
    project, readme, first = ROOT / "pyproject.toml", ROOT / "README.md", ROOT / FIRST
    lines = "".join(f'{key} = "{value}"\n' for key, value in home.items())
    text = URLS.sub("", project.read_text("utf-8"))
    text = text.replace("\n[tool.", f"\n[project.urls]\n{lines}\n[tool.", 1) if home else text
    project.write_text(text, encoding="utf-8")
    text = BETWEEN.sub(lambda found: found[1] + badges(home) + found[2], readme.read_text("utf-8"))
    readme.write_text(text, encoding="utf-8")
    notebook = json.loads(first.read_text("utf-8"))
    cell, = (one for one in notebook["cells"] if one["id"] == "colab")
    cell["source"] = colab(home).splitlines(keepends=True)
    first.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write(urls("".join(sys.argv[1:2])))
