"""Tabs of JupyterLab: loaded once, then cleared and handed to the next test that asks for one."""

from contextlib import contextmanager

from tests.browser.lab import close_notebooks, reset_settings, set_theme

SIZE = {"width": 1400, "height": 900}
UNTIDY = ".jp-Dialog, .lm-Menu"  # something is still open that would hide what is below
# anywidget's own clock runs out after two seconds on a busy machine; the model comes all the same,
# and where it does not, the tests miss the widget.
LATE = "[anywidget] Failed to initialize model."


@contextmanager
def open_tab(context, lab):
    """A tab in which no notebook is open; its `errors` gather what the page complains of."""
    reset_settings(lab)
    spare = context.__dict__.setdefault("spare_tabs", [])
    page = spare.pop() if spare else new_tab(context)
    page.errors = []
    yield page
    if page.url == "about:blank" or page.locator(UNTIDY).count():
        page.close()
    else:
        tidy_up(page)
        spare.append(page)


def new_tab(context):
    page = context.new_page()
    page.on("console", lambda m: m.type == "error" and LATE not in m.text
            and page.errors.append(told(m)))
    page.on("pageerror", lambda error: LATE in str(error) or page.errors.append(str(error)))
    return page


def told(message) -> str:
    return f"{message.text} ({message.location['url']})"


def tidy_up(page) -> None:
    close_notebooks(page)
    page.set_viewport_size(SIZE)
    page.mouse.move(0, 0)
    if page.locator("body[data-jp-theme-light='false']").count():
        set_theme(page, "light")


def widen(page, root, width: int) -> None:
    """Make the page so wide that `root` has this width, and keeps it.

    What is measured right after a change may still be the width of before: it is asked again.
    """
    size, kept = dict(page.viewport_size), 0
    for _ in range(60):
        page.set_viewport_size(size)
        page.wait_for_timeout(100)
        more = width - root.bounding_box()["width"]
        kept = kept + 1 if abs(more) < 2 else 0
        if kept == 2:
            return
        size["width"] += 0 if kept else round(more)
    raise AssertionError(f"{root} is {more} off {width} pixels in a page of {size['width']}.")
