"""`anywidget.AnyWidget` for a page without Jupyter: real traits, and somebody to tell of them."""

from contextlib import contextmanager

import traitlets


class AnyWidget(traitlets.HasTraits):
    """What `helpers` asks of a widget, and no more.

    `tell(kind, value)`, set by the page's side, hears "traits" with {name: value} of what has
    changed, and "message" with a message. `receive(values)` takes what the page has set: of that
    only what became something else is told again.
    """

    comm = tell = model_id = None
    _page_waits = 0

    def __init__(self, **values):
        self._page_hearers = []
        super().__init__(**values)
        self.open()

    @property
    def _page_lacks(self):
        return self.__dict__.setdefault("_page_lacks_names", {})

    def notify_change(self, change):
        if self.trait_metadata(change["name"], "sync"):
            self._page_lacks[change["name"]] = True
        super().notify_change(change)
        self._tell_page()

    @contextmanager
    def hold_sync(self):
        self._page_waits += 1
        try:
            yield
        finally:
            self._page_waits -= 1
            self._tell_page()

    def _tell_page(self):
        if self._page_waits or not self.tell or not self._page_lacks:
            return
        names = list(self._page_lacks)
        self._page_lacks.clear()
        self.tell("traits", {name: getattr(self, name) for name in names})

    def receive(self, values):
        with self.hold_sync():
            for name, value in values.items():
                self.set_trait(name, value)
                if getattr(self, name) == value:
                    self._page_lacks.pop(name, None)

    def send_state(self, name):
        self._page_lacks[name] = True
        self._tell_page()

    def everything(self):
        """{name: value} of all that the page is to know."""
        self._page_lacks.clear()
        return {name: getattr(self, name) for name in self.trait_names(sync=True)}

    def on_msg(self, callback):
        self._page_hearers.append(callback)

    def hear(self, content):
        for callback in self._page_hearers:
            callback(self, content, [])

    def send(self, content, buffers=None):
        self._send({"content": content}, buffers)

    def _send(self, msg, buffers=None):
        if self.tell:
            self.tell("message", msg["content"])

    def open(self):
        pass
