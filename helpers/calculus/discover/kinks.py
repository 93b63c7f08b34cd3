"""Where slopes jump, told from the values of a function alone: one that takes no complex step.

Differences near a kink see both of its sides, so a slope that jumps is only closed in on roughly by
them. Between the jumps the function is followed from far away, where differences are right; what
it is on the left and on the right of a jump is continued, and a threshold is where the values
change from the one to the other.
"""

import numpy as np

from ..errors import NumberError

EPS = 2.0 ** -52
STEP = 2.0 ** -17  # of slopes where they are searched for jumps, relative to the number
HALVINGS = 11      # of the gap around a jump: until it is a few steps wide
JUMP = 1e-6        # relative: less than that is not seen in such slopes
MARGIN = 16        # times the rounding that is seen
FIT = 1e-8         # relative: what a slope that is continued may be off by


class Along:
    """One output of f by one number of an entry of its input, the other entries as they are."""

    def __init__(self, f, x, pattern, inputs):
        """inputs: values of the number, of x's shape -> the input at which it has them."""
        self.f, self.x, self.inputs = f, x, inputs
        together = set(pattern.outer) == set(pattern.inner)  # an output for each entry
        self.step = x.size if together else 1
        self.axes = [pattern.inner.index(letter) for letter in pattern.outer]

    def values(self, numbers):
        """The output at each number, each in the place of another entry; nan where f has none."""
        parts = [self.part(i, numbers[i:i + self.step]) for i in range(0, len(numbers), self.step)]
        return np.concatenate(parts)

    def part(self, first, numbers):
        """The outputs at as many numbers as one call tells."""
        x, places = self.x.copy(), (first + np.arange(numbers.size)) % self.x.size
        wanted = np.zeros(x.shape)
        wanted.flat[places] = numbers
        with np.errstate(all="ignore"):
            x.flat[places] = np.asarray(self.inputs(wanted), float).flat[places]
            try:
                Y = np.asarray(self.f(x), float)
            except NumberError:
                return np.full(numbers.size, np.nan)
        index = np.unravel_index(places, x.shape)
        return Y[tuple(index[axis] for axis in self.axes)] * np.ones(numbers.size)

    def slopes(self, numbers, step):
        """The slopes at numbers by differences of such a step."""
        up, down = numbers + step, numbers - step
        return (self.values(up) - self.values(down)) / (up - down)

    def between(self, low, high):
        """f(numbers) -> slopes by differences that reach over most of the stretch around them."""
        return lambda at: self.slopes(at, 0.9 * np.minimum(at - low, high - at))


def jumps(along, grid):
    """[(low, high)]: stretches with a jump of the slope in each; None if it depends on more.

    The function must be the same in every entry: it is asked in two orders.
    """
    least = np.abs(grid).min()

    def near(numbers, times=1.0):
        return along.slopes(numbers, times * STEP * np.maximum(np.abs(numbers), least))

    at, other, wider = near(grid), near(grid[::-1])[::-1], near(grid, 1.4)
    known = np.isfinite(at) & np.isfinite(other) & np.isfinite(wider)
    if not known.any():
        return None
    grid, at, other, wider = grid[known], at[known], other[known], wider[known]
    fuzz = JUMP * np.abs(at).max() + MARGIN * usual(np.abs(at - wider))
    if np.any(np.abs(at - other) > fuzz):
        return None
    fuzz = np.maximum(fuzz[1:], fuzz[:-1])
    keep = np.abs(np.diff(at)) > fuzz
    low, high, left, right = grid[:-1][keep], grid[1:][keep], at[:-1][keep], at[1:][keep]
    for _ in range(HALVINGS if low.size else 0):
        middle = (low + high) / 2
        there = near(middle)
        first = ~(np.abs(there - left) < np.abs(right - there))
        high, right = np.where(first, middle, high), np.where(first, there, right)
        low, left = np.where(first, low, middle), np.where(first, left, there)
    return joined(*sudden(near, low, high, fuzz[keep])) if low.size else []


def usual(rounding):
    """The median of nine neighbours."""
    padded = np.pad(rounding, 4, mode="edge")
    return np.median(np.lib.stride_tricks.sliding_window_view(padded, 9), axis=-1)


def sudden(near, low, high, least):
    """(low, high) of the stretches, a little wider, over which the slope changes much more than
    it does beside them."""
    width = high - low
    before, left, right, after = (near(x) for x in (low - 2 * width, low - width, high + width,
                                                    high + 2 * width))
    beside = np.maximum(np.abs(left - before), np.abs(after - right))
    keep = ~(np.abs(right - left) <= 6 * beside + least)
    return (low - width)[keep], (high + width)[keep]


def joined(low, high):
    """The stretches, those that overlap as one: a jump next to a number of the grid is seen twice.
    """
    found = []
    for a, b in zip(low.tolist(), high.tolist(), strict=True):
        if found and a <= found[-1][1]:
            found[-1] = (found[-1][0], max(b, found[-1][1]))
        else:
            found.append((a, b))
    return found


def closed_in(along, low, high, before, after):
    """(place, error) of the threshold in a stretch; None where the values are of neither side.

    before, after: the polynomials of the slope on its left and on its right.
    """
    def value(number):
        return float(along.values(np.array([number]))[0])

    top = max(abs(slope(x)) for slope in (before, after) for x in (low, high))
    low, high = (low, value(low)), (high, value(high))
    noise = MARGIN * max(rounded_off(value, low, high, before, after),
                         EPS * (abs(low[1]) + abs(high[1]) + max(abs(low[0]), abs(high[0])) * top))
    while True:
        width, middle = high[0] - low[0], (low[0] + high[0]) / 2
        jump = max(abs(after(x) - before(x)) for x, _ in (low, high))
        if jump * width <= 64 * noise or not low[0] < middle < high[0]:
            return middle, width
        pair = narrower(value, low, high, before, after, noise + FIT * top * width)
        if pair is None:
            return None
        low, high = pair


def rounded_off(value, low, high, before, after):
    """What f itself rounds, seen on each side of a stretch."""
    steps = (high[0] - low[0]) * np.linspace(0.02, 0.1, 5)
    return max(max(abs(value(low[0] - step) + change(before, low[0] - step, low[0]) - low[1]),
                   abs(value(high[0] + step) - change(after, high[0], high[0] + step) - high[1]))
               for step in steps)


def narrower(value, low, high, before, after, slack):
    """(low, high), numbers with their values, closer around the threshold; or None."""
    def left(x):
        return low[1] + change(before, low[0], x)

    def right(x):
        return high[1] - change(after, x, high[0])

    def there(x, side):
        found = value(x)
        return (x, found) if abs(found - side(x)) <= slack else None

    width, middle = high[0] - low[0], (low[0] + high[0]) / 2
    if abs(left(middle) - right(middle)) <= 4 * slack:  # they meet there: look to both sides
        pair = there(middle - width / 8, left), there(middle + width / 8, right)
        return None if None in pair else pair
    pair = there(middle, left) or low, there(middle, right) or high
    return None if pair == (low, high) else pair


def change(slope, a, b):
    """The integral of a slope that is a straight line at most."""
    return (b - a) * slope((a + b) / 2)
