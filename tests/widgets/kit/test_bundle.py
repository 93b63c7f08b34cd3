"""JavaScript followed from an entry file: each file once, in order, and mistakes by name."""

import re
from importlib import resources
from pathlib import Path

import pytest

import helpers
from helpers.widgets.kit import bundle
from helpers.widgets.kit.bundle import BundleError, script, styles
from tests.browser.bare import HOST, serve

ROOT = Path(helpers.__file__).parent
FILES = sorted(str(file.relative_to(ROOT).as_posix()) for file in ROOT.rglob("*.js"))
ENTRIES = [name for name in FILES if "export default widget(" in (ROOT / name).read_text("utf-8")]
# Words of a file, without comments and strings.
NOT_CODE = re.compile(r"/\*.*?\*/|(?<![:\"'`\w])//[^\n]*|\"(?:[^\"\\\n]|\\.)*\"|\.\.\.", re.DOTALL)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A `helpers` of a test's own: write(name, text) puts a file there."""
    monkeypatch.setattr(bundle.resources, "files", lambda _: tmp_path)

    def write(**texts):
        for name, text in texts.items():
            (tmp_path / f"{name}.js").write_text(text, "utf-8")
    return write


def test_every_widget_has_an_entry_file():
    assert len(ENTRIES) >= 8, ENTRIES
    # those of a widget saved as a page, and of the script that brings a widget's own
    entries = [*ENTRIES, "widgets/kit/away/copy.js", "widgets/kit/once/loader.js"]
    assert {name for entry in entries for name in bundle.followed(entry)} == set(FILES)


@pytest.mark.parametrize("entry", ENTRIES)
def test_a_bundle_has_every_file_once_and_what_it_needs_before_it(entry):
    text, names = script(entry), list(bundle.followed(entry))
    assert names[-1] == entry and text.count("export default") == 1
    assert not re.search(r"^(import|export (?!default))", text, re.MULTILINE)
    heads = [(ROOT / name).read_text("utf-8").partition("\n")[0] for name in names]
    places = [text.index(head) for head in heads]
    assert places == sorted(places) and all(text.count(head) == 1 for head in heads)


def test_the_sheets_of_every_folder_follow_the_colours_once():
    sheets = styles("widgets/explorer/page.js")
    for name in ("kit/theme", "kit/parts", "array/array", "tensor/tensor"):
        text = resources.files("helpers").joinpath(f"widgets/{name}.css").read_text("utf-8")
        assert sheets.count(text) == 1
    assert sheets.index("--tm-text:") < sheets.index(".tm-root *") < sheets.index(".tm-toolbar")
    shared, _, own = sheets.partition("@scope (.tm-jacobian-place) {")
    assert (ROOT / "widgets/kit/parts.css").read_text("utf-8") in shared
    assert (ROOT / "widgets/explorer/explorer.css").read_text("utf-8") in own
    assert own.rstrip().endswith("}")


def test_no_two_widgets_have_the_same_frame():
    roots = [bundle.ROOT.search((ROOT / entry).read_text("utf-8")) for entry in ENTRIES]
    assert all(roots) and len({root[1] for root in roots}) == len(ENTRIES)


@pytest.mark.parametrize("texts, said", [
    ({"a": 'import { x } from "./b.js";\n'}, ["a.js imports b.js", "no such file"]),
    ({"a": 'import { x, y } from "./b.js";\n', "b": "export const y = 1;\nconst x = 2;\n"},
     ["a.js imports x from b.js", "does not export"]),
    ({"a": 'import { x } from "./b.js";\nfunction y() {}\n', "b": "export const x = 1, z = 2;\n"
      "const y = 3;\n"}, ["b.js and a.js both define y"]),
    ({"a": 'import { x } from "./b.js";\nconst x = 1;\n', "b": "export const x = 1;\n"},
     ["b.js and a.js both define x"]),
    ({"a": 'import { x } from "./b.js";\n', "b": 'import { y } from "./c.js";\nexport let x;\n',
      "c": 'import { x } from "./b.js";\nexport let y;\n'}, ["b.js imports c.js imports b.js"]),
    ({"a": 'import * as all from "./b.js";\n', "b": ""}, ["a.js says 'import * as all", "by name"]),
    ({"a": 'import { x } from "https://elsewhere.org/b.js";\n'}, ["a.js says 'import { x }"]),
    ({"a": "import './b.js';\n", "b": ""}, ["a.js says"]),
])
def test_what_does_not_fit_is_one_line_that_names_both_files(folder, texts, said):
    folder(**texts)
    with pytest.raises(BundleError) as caught:
        script("a.js")
    line = str(caught.value)
    assert all(part in line for part in said), line
    assert "\n" not in line


def test_a_diamond_is_followed_once(folder):
    folder(a='import { b } from "./b.js";\nimport { c } from "./c.js";\nb + c;\n',
           b='import { d } from "./d.js";\nexport const b = d;\n',
           c='import {\n  d,\n  e,\n} from "./d.js";\nexport const c = d + e;\n',
           d="export const d = 1;\nexport const e = 2;\n")
    assert script("a.js").split("\n") == [
        "const d = 1;", "const e = 2;", "", "const b = d;", "", "const c = d + e;", "", "b + c;",
        ""]


@pytest.mark.parametrize("name", FILES)
def test_a_file_uses_what_it_imports_and_lines_are_short(name):
    text = (ROOT / name).read_text("utf-8")
    body = NOT_CODE.sub(" ", bundle.IMPORT.sub("", text))
    for names, source in bundle.IMPORT.findall(text):
        for one in filter(None, map(str.strip, names.split(","))):
            assert re.search(rf"(?<![\w.]){re.escape(one)}\b", body), (one, source)
    assert max(map(len, text.splitlines())) <= 120
    assert len(text.splitlines()) <= 400


EXPORTED = {defined for name in FILES for export, defined in
            bundle.DEFINED.findall((ROOT / name).read_text("utf-8")) if export}


@pytest.mark.parametrize("name", FILES)
def test_a_file_imports_what_it_uses(name):
    """In a bundle a forgotten import would go unseen: the name is there by accident."""
    text = (ROOT / name).read_text("utf-8")
    body = NOT_CODE.sub(" ", bundle.IMPORT.sub("", text))
    used = set(re.findall(r"(?<![\w.$])([A-Za-z]\w*)\b(?!\s*:)", body)) & EXPORTED
    imported = {one.strip() for names, _ in bundle.IMPORT.findall(text) for one in names.split(",")}
    own = {one for one in used if re.search(
        rf"\b(const|let|function|class)\b[^=;]*\b{one}\b", body)}
    assert used - imported - own == set()


@pytest.fixture(scope="module")
def bare(browser):
    page = browser.new_page()
    page.route(f"{HOST}/**", serve)
    yield page
    page.close()


@pytest.mark.parametrize("name", FILES)
def test_a_browser_takes_every_file_by_itself(bare, name):
    """A missing file or export, and a circle that matters, are errors there."""
    bare.goto(HOST)  # nothing is loaded any more
    bare.evaluate("async (name) => { await import(`/${name}`) }", name)
