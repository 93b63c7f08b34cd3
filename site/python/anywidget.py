"""`anywidget.AnyWidget` for a page without Jupyter: real traits, and somebody to tell of them."""

from contextlib import contextmanager

import traitlets


class AnyWidget(traitlets.HasTraits):
    """What `helpers` asks of a widget, and no more.

    `tell(kind, value)`, set by the page's side, hears "traits" with {name: value} of what has
    changed, and "message" with a message. `receive(values)` takes what the page has set: of that
    only what became something else is told again.
    """

    comm = tell = None
    _held = 0

    def __init__(self, **values):
        self._heard = []
        super().__init__(**values)
        self.open()

    @property
    def _stale(self):
        return self.__dict__.setdefault("_stale_names", {})

    def notify_change(self, change):
        if self.trait_metadata(change["name"], "sync"):
            self._stale[change["name"]] = True
        super().notify_change(change)
        self._flush()

    @contextmanager
    def hold_sync(self):
        self._held += 1
        try:
            yield
        finally:
            self._held -= 1
            self._flush()

    def _flush(self):
        if self._held or not self.tell or not self._stale:
            return
        names = list(self._stale)
        self._stale.clear()
        self.tell("traits", {name: getattr(self, name) for name in names})

    def receive(self, values):
        with self.hold_sync():
            for name, value in values.items():
                self.set_trait(name, value)
                if getattr(self, name) == value:
                    self._stale.pop(name, None)

    def send_state(self, name):
        self._stale[name] = True
        self._flush()

    def everything(self):
        """{name: value} of all that the page is to know."""
        self._stale.clear()
        return {name: getattr(self, name) for name in self.trait_names(sync=True)}

    def on_msg(self, callback):
        self._heard.append(callback)

    def hear(self, content):
        for callback in self._heard:
            callback(self, content, [])

    def send(self, content, buffers=None):
        self._send({"content": content}, buffers)

    def _send(self, msg, buffers=None):
        if self.tell:
            self.tell("message", msg["content"])

    def open(self):
        pass
