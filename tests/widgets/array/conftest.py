"""A page with an editable array alone in it, opened once for the tests of a module."""

import pytest

from tests.widgets.array.array_page import empty, open_array_page


@pytest.fixture(scope="module")
def tab(browser):
    tab = open_array_page(browser)
    yield tab
    tab.close()


@pytest.fixture
def page(tab):
    empty(tab)
    yield tab
    assert tab.errors == []
