"""A finger on the screen, as the browser itself would report one."""


def finger(page):
    """A function that leads a finger from one place to another, and lifts it."""
    session = page.context.new_cdp_session(page)

    def lead(start, end=None, steps=10):
        def tell(kind, *places):
            points = [{"x": x, "y": y} for x, y in places]
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

        tell("touchStart", start)
        for step in range(1, steps + 1 if end else 1):
            tell("touchMove", tuple(a + (b - a) * step / steps
                                    for a, b in zip(start, end, strict=True)))
            page.wait_for_timeout(16)
        tell("touchEnd")
        page.wait_for_timeout(200)

    return lead


def middle(locator):
    """The middle of an element that is scrolled into view."""
    locator.scroll_into_view_if_needed()
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
