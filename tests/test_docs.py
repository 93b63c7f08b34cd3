"""What the pages for readers say is what happens: their code runs, and prints what stands below."""

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[1] / "docs"
PAGES = ["why-is-my-gradient-wrong.md"]
BLOCKS = re.compile(r"```python\n(.*?)```(?:\s*```text\n(.*?)```)?", re.DOTALL)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_prints_what_it_says(page, capsys, monkeypatch, tmp_path):
    text, namespace = (DOCS / page).read_text(encoding="utf-8"), {}
    printing = 0
    for code, output in BLOCKS.findall(text):
        exec(compile(code, f"docs/{page}", "exec"), namespace)
        printed = capsys.readouterr().out
        assert printed.strip() == output.strip(), code
        printing += bool(output)
    assert printing >= 5


def test_the_doctor_s_page_is_linked_from_the_first_screen_of_the_readme():
    first = (DOCS.parent / "README.md").read_text(encoding="utf-8").split("\n## ")[0:3]
    assert any("docs/why-is-my-gradient-wrong.md" in part for part in first)


def test_the_readme_counts_as_the_page_does():
    said = re.search(r"(\d+) of (\d+) are named", (DOCS / "discover.md").read_text("utf-8"))
    readme = (DOCS.parent / "README.md").read_text("utf-8")
    assert f"[{said[1]} of {said[2]} functions](docs/discover.md)" in readme
