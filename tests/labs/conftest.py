"""Labs without their drawing, for tests of what they compute."""

import pytest

from helpers.pictures.live import Frame, LivePicture


@pytest.fixture
def drawn():
    """A test that asks for this draws its pictures, also where a module asks for `undrawn`."""


@pytest.fixture
def undrawn(request, monkeypatch):
    """Pictures are not drawn; they only say where they would lie."""
    if "drawn" not in request.fixturenames:
        undraw(monkeypatch)


def undraw(monkeypatch):
    """The same for who holds a `MonkeyPatch`: a module that makes labs while it is imported."""
    place = {"box": [0, 0, 1, 1], "x": [-2.2, 2.2], "y": [-2.2, 2.2], "xlog": False, "ylog": False}
    monkeypatch.setattr(LivePicture, "frame", lambda self, still, look, view: Frame(
        b"", look.width, 300, [place]))
