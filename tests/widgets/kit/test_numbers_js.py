"""Numbers and their place on the page: the pure functions of the editable array."""

import math
import random

import pytest

from helpers.words import short
from tests.browser.bare import call, open_bare

NAMES = ("formatNumber numberText parseNumber nudged wireNumber notANumber arrayLayout entryName "
         "tintLimit tintLevel")


@pytest.fixture(scope="module")
def page(browser):
    page = open_bare(browser, {"widgets/kit/numbers.js": NAMES})
    yield page
    page.close()


NUMBERS = [
    (2.0, "2"), (-0.5, "−0.5"), (0.0, "0"), (-0.0, "0"), (1 / 3, "0.3333"), (12.34567, "12.3457"),
    (1234.5678, "1234.57"), (-123456.7, "−123457"), (999999.9, "1000000"), (1e6, "1e6"),
    (-3.14e8, "−3.1e8"), (1.2e-9, "1.2e−9"), (9.96e-5, "1e−4"), (1e-4, "0.0001"),
    (1.25e300, "1.3e300"), (5e-324, "4.9e−324"), (math.nan, "nan"), (math.inf, "∞"),
    (-math.inf, "−∞"), (0.03125, "0.0313"), (0.30000000000000004, "0.3"),
]


@pytest.mark.parametrize(("number", "text"), NUMBERS, ids=[text for _, text in NUMBERS])
def test_a_number_reads_the_same_in_page_and_picture(page, number, text):
    assert short(number) == text
    assert call(page, "formatNumber(a[0])", number) == text


def test_many_numbers_read_the_same_in_page_and_picture(page):
    rng = random.Random(4)
    numbers = [rng.choice([1, -1]) * 10 ** rng.uniform(-8, 9) for _ in range(3000)]
    numbers += [n / 64 for n in range(-400, 400)]
    texts = call(page, "a[0].map(formatNumber)", numbers)
    assert texts == [short(number) for number in numbers]
    assert max(map(len, texts)) <= 9


@pytest.mark.parametrize(("text", "number"), [
    ("2", 2), (" 1.5 ", 1.5), ("-2", -2), ("−2", -2), ("+3", 3), ("1e-3", 1e-3), ("1E−3", 1e-3),
    (".5", 0.5), ("0,5", 0.5), ("7.", 7), ("1/3", 1 / 3), ("−1 / 4", -0.25), ("inf", math.inf),
    ("-∞", -math.inf), ("－３．５", -3.5), ("１，５", 1.5),
    ("Infinity", math.inf), ("nan", math.nan), ("NaN", math.nan),
    *((bad, None) for bad in ("", "abc", "1.2.3", "1,000.5", "--1", "1/0", "1/2/3", "1/nan", "0x10",
                              "1_0", "2 3", "e5", "1e", "inf.", ".")),
])
def test_typed_text_is_a_number_or_nothing(page, text, number):
    found = call(page, "parseNumber(a[0])", text)
    assert found == number or (number != number and found != found)


def test_the_text_to_edit_has_all_digits_and_reads_back(page):
    numbers = [0.1 + 0.2, -1e-7, 1e21, math.inf, -math.inf, 5e-324, 12.0]
    assert call(page, "a[0].map(numberText)", numbers)[:2] == ["0.30000000000000004", "−1e−7"]
    assert call(page, "a[0].map(numberText).map(parseNumber)", numbers) == numbers


@pytest.mark.parametrize(("value", "steps", "keys", "result"), [
    (0.1, 2, {}, 0.3), (0.3, -3, {}, 0), (-0.7, 7, {}, 0), (123456.75, 1, {}, 123456.85),
    (1, 1, {"shiftKey": True}, 2), (1, 1, {"altKey": True}, 1.01),
    (1, 1, {"shiftKey": True, "altKey": True}, 1.1),
    (math.nan, 1, {}, 0.1), (-math.inf, -2, {}, -0.2),
])
def test_a_nudge_leaves_no_dust(page, value, steps, keys, result):
    assert call(page, "nudged(a[0], a[1], a[2])", value, steps, keys) == result
    assert call(page, "Object.is(nudged(a[0], a[1], a[2]), -0)", value, steps, keys) is False


def test_what_json_cannot_carry_goes_as_text(page):
    sent = call(page, "a[0].map(wireNumber)", [1.5, math.nan, math.inf, -math.inf])
    assert sent == [1.5, "NaN", "Infinity", "-Infinity"]


@pytest.mark.parametrize(("shape", "rows", "columns", "last"), [
    ((), 1, 1, "X"), ((5,), 1, 5, "X[4]"), ((3, 4), 3, 4, "X[2,3]"), ((2, 3, 4), 6, 4, "X[1,2,3]"),
])
def test_rows_are_all_axes_but_the_last(page, shape, rows, columns, last):
    axes = [{"size": size} for size in shape]
    layout = call(page, "arrayLayout(a[0])", axes)
    assert (layout["rows"], layout["columns"], layout["count"]) == (rows, columns, rows * columns)
    assert call(page, "entryName('X', a[0], a[1])", axes, rows * columns - 1) == last


def test_tints_are_symmetric_and_zero_alone_has_none(page):
    assert call(page, "tintLimit(a[0])", [0.3, -1.2, math.inf, math.nan]) == 2
    assert call(page, "tintLimit(a[0])", [0.0]) == 1
    numbers = [2.0, -2.0, 1.0, 0.0, 1e-300, -math.inf]
    levels = call(page, "a[0].map((v) => tintLevel(v, 2))", numbers)
    assert levels == [6, -6, 3, 0, 1, -6]
    assert call(page, "tintLevel(1, tintLimit(a[0]))", [1.7e308]) == 1
