"""The order puzzle: factors with their shapes, to be put in the order of the chain rule."""

from ..kit.bundle import script, styles
from ..kit.live import LiveView, cell_of
from . import puzzles
from . import state as states


class OrderPuzzle(LiveView):
    """`OrderPuzzle(number=1, layout="numerator", seed=0)`: eight puzzles, sizes from the seed.

    Drag the cards, or move them with the arrow keys or their buttons; the key or the button T
    transposes; Check (Enter) answers with the shape arithmetic. `.set(number=4)` goes to a puzzle,
    `.set(order=("G", "W"), turned=("W",))` arranges it, `.check()` (or checked=True) hands it in,
    `.score` counts. Raises UnknownInput, UnknownLayout, UnknownParameter, NumberError.
    """

    front = script("widgets/order/order.js")
    _css = styles("widgets/order/order.js")

    def __init__(self, number=1, layout="numerator", seed=0, **settings):
        super().__init__(states.start(**{"number": number, "layout": layout, "seed": seed,
                                         **settings}))

    act = staticmethod(states.act)
    show = staticmethod(states.show)

    def set(self, **settings):
        """Change number, layout, seed, order, turned, checked; none when one is wrong."""
        with self._lock:
            self.change(states.with_settings(self._present, settings))

    def check(self):
        """Hand the order in; returns the line that answers."""
        with self._lock:
            self.change(states.checked(self._present))
        return self.state["verdict"]

    score = property(lambda self: states.score(self._present), doc="How many are solved.")

    def cell(self):
        """The text of the cell that makes this puzzle again, as it stands."""
        present = self._present
        names = [factor.name for factor in present.puzzle.factors]
        order = tuple(names[i] for i in present.order)
        turned = tuple(n for n, turn in zip(names, present.turns, strict=True) if turn)
        more = {"checked": True} if present.checked else {}
        return cell_of("OrderPuzzle", present.number, present.layout, seed=present.seed,
                       order=order, turned=turned, **more)

    def figure(self):
        """The cards as they stand, with the shapes between them."""
        from .picture import draw_order

        present = self._present
        cards = states.cards_of(present)
        puzzle = present.puzzle
        answer = (None, "Not checked yet.")
        if present.checked:
            answer = puzzles.verdict(puzzle, present.order, present.turns)
        return draw_order(self.sentence(), f"{present.number} · {puzzle.title}",
                          f"{puzzle.asks}. Put the factors in order.", cards,
                          puzzles.arithmetic(cards)[0], (puzzle.goal, puzzle.goal_shape), answer)

    def sentence(self):
        present = self._present
        line = " · ".join(f"{name} ({puzzles.shape_text(shape)})"
                          for name, shape in states.cards_of(present))
        goal = f"{present.puzzle.goal} ({puzzles.shape_text(present.puzzle.goal_shape)})"
        head = f"OrderPuzzle {present.number} of {puzzles.COUNT}, {present.layout} layout: {goal}"
        if not present.checked:
            return f"{head} from {line}, not checked yet"
        verdict = puzzles.verdict(present.puzzle, present.order, present.turns)[1]
        return f"{head} from {line}. {verdict}"
