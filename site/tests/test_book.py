"""The book: no link is dead, nobody is left out, nothing comes from elsewhere."""

import re
from html.parser import HTMLParser
from urllib.parse import unquote, urldefrag

import pytest
from builder.pins import OUT

from tests.browser.axe import violations

BOOK = OUT / "book"
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
# What somebody types, and the page that must come first.
SEARCHES = {
    "fully connected": "affine", "Dense": "affine", "BCEWithLogits": "sigmoid_cross_entropy",
    "swish": "silu", "scaled dot-product": "attention", "leaky": "leaky_relu",
    "LayerNormalization": "layernorm", "cross-entropy": "softmax_cross_entropy",
    "MaxPooling2D": "maxpool2d", "rectifier": "relu",
}


class Page(HTMLParser):
    """The links, anchors and open tags of a page, and the pictures without words."""

    def __init__(self, text):
        super().__init__()
        self.links, self.anchors, self.open, self.wrong = [], set(), [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        named = dict(attributes)
        if "id" in named and named["id"] in self.anchors:
            self.wrong.append(f"two elements have the id {named['id']}")
        self.anchors |= {named[key] for key in ("id", "name") if named.get(key)}
        self.links += [named[key] for key in ("href", "src") if named.get(key)]
        if tag == "img" and "alt" not in named:
            self.wrong.append(f"a picture without words: {named.get('src')}")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> closes nothing, at {self.getpos()}")


@pytest.fixture(scope="module")
def pages():
    found = sorted(BOOK.rglob("*.html"))
    return {path: Page(path.read_text("utf-8")) for path in found if "_static" not in path.parts}


def test_every_tag_is_closed_and_every_id_stands_once(pages):
    assert {path.name: one.wrong for path, one in pages.items() if one.wrong or one.open} == {}


def test_every_link_inside_leads_somewhere(pages):
    dead = []
    for path, one in pages.items():
        for link in one.links:
            address, anchor = urldefrag(link)
            if ":" in address:
                continue
            name = unquote(address.partition("?")[0])
            target = (path.parent / name).resolve() if name else path
            target = target / "index.html" if target.is_dir() else target
            there = target.is_file() and (not anchor or target not in pages
                                          or unquote(anchor) in pages[target].anchors)
            dead += [] if there else [f"{path.relative_to(BOOK)}: {link}"]
    assert dead == []


def test_the_reference_says_nothing_that_only_one_build_can_say():
    assert "installation" in (text := (BOOK / "api.html").read_text("utf-8"))
    assert "at 0x" not in re.sub(r"<[^>]*>", "", text)


@pytest.mark.parametrize("name", [
    "index", "notebooks/04_tensor_derivatives", "docs/atlas/affine", "docs/cheatsheet",
    "docs/notation"])
def test_a_page_leaves_nobody_out(page, site, name):
    page.goto(f"{site}book/{name}.html")
    page.evaluate("() => window.MathJax?.startup?.promise")
    assert violations(page, "html") == []
    for width in (390, 1100, 1400):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width


def test_what_a_student_types_is_found_first(page, site):
    for words, name in SEARCHES.items():
        page.goto(f"{site}book/search.html?q={words}")
        first = page.locator("#search-results li a").first
        first.wait_for()
        page.wait_for_function("() => /finished|found/i.test(document.body.innerText)")
        assert f"/{name}.html" in first.get_attribute("href"), words
        found = [link.split("#")[0].split("?")[0] for link in page.locator(
            "#search-results li > a").evaluate_all("all => all.map((one) => one.href)")]
        assert len(set(found)) == len(found) > 0, words


def test_a_dark_page_has_dark_pictures_and_is_light_on_paper(page, site):
    page.emulate_media(color_scheme="dark")
    page.goto(f"{site}book/docs/atlas/relu.html")
    picture = page.locator("article img").first
    themes = []
    for event in ("load", "beforeprint", "afterprint"):
        page.evaluate("(name) => window.dispatchEvent(new Event(name))", event)
        themes.append((page.locator("html").get_attribute("data-theme"),
                       picture.evaluate("(one) => getComputedStyle(one).filter") != "none"))
    assert themes == [("dark", True), ("light", False), ("dark", True)]


def test_a_widget_comes_when_it_is_asked_for(page, site):
    page.goto(f"{site}book/docs/atlas/relu.html")
    assert page.locator("iframe").count() == 0
    page.get_by_role("button", name="Show it live, here").first.click()
    frame = page.frame_locator("iframe")
    frame.get_by_text("The full way").first.wait_for()
