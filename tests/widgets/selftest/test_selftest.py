"""The self-test in Python: what it answers a page, and what it says where no page shows it."""

from helpers import SelfTest


def test_each_hello_is_answered_once():
    test = SelfTest()
    hello = {"kind": "hello", "place": "hello", "serial": 1}
    for _ in range(2):  # a page repeats what was not acknowledged
        test.gestures = {"client": "page", "queue": [hello]}
    assert test.state["heard"] == 1 and test.state["applied"] == {"page": 1}
    assert "Python 3" in test.state["kernel"] and test.state["error"] == ""


def test_where_widgets_do_not_show_text_and_picture_say_what_to_do():
    data, _ = SelfTest()._repr_mimebundle_()
    for remedy in ("Run All Cells", "pip install -r requirements.txt", "Trust Notebook"):
        assert remedy in data["text/plain"]
    assert "Trust Notebook" in SelfTest().figure().texts[0].get_text()
    assert data["image/png"]
    assert SelfTest().cell() == "from helpers import SelfTest\n\nSelfTest()"
    lines = SelfTest().figure().texts[0].get_text().split("\n")
    assert lines[0].startswith("This is a still picture") and max(map(len, lines)) <= 118
    assert [line[:2] for line in lines if not line.startswith(" ")][1:] == ["1.", "2.", "3.", "4."]
