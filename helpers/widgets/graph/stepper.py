"""The graph stepper: any expression as a graph of gates, stepped forward and backward."""

from dataclasses import replace

from ...calculus.errors import LessonError, UnknownInput, is_a
from ...calculus.graph.steps import at_kinks
from ...words import brief, plural, short
from ..kit.bundle import script, styles
from ..kit.live import LiveView, cell_of
from . import state as states
from .quiz import score
from .view import gradients_shown, show


class GraphStepper(LiveView):
    """`GraphStepper("(x+y)*z", x=-2, y=5, z=-4, step="end", quiz=False, fuse="sigmoid")`.

    step: how many steps are done, or "forward" or "end"; quiz: gradients hidden until typed; fuse:
    what becomes one gate. A variable without a value gets 1. `.set(x=3, step="end")` changes values
    and settings, `.set(text="x*y")` the expression; `.graph`, `.value`, `.gradients` are what is
    shown. Raises ExpressionError with the column, UnknownInput, NumberError, TooBig.
    """

    front = script("widgets/graph/page.js")
    _css = styles("widgets/graph/page.js")

    def __init__(self, text="(x + y) * z", /, *unnamed, step=0, quiz=False, fuse=(), **values):
        if unnamed:
            raise UnknownInput("GraphStepper takes values by their names, as in GraphStepper("
                               f'"x*y", x=1, y=2), not {brief(unnamed[0])} alone.')
        if not values and is_a(text, str) and text == "(x + y) * z":
            values = {"x": -2, "y": 5, "z": -4}
        super().__init__(states.start(text, values, step, quiz, fuse))

    act = staticmethod(states.act)
    show = staticmethod(show)

    def set(self, /, text=None, **changes):
        """Change the expression, values, or `step`, `quiz`, `fuse`. One wrong, and none changes."""
        with self._lock:
            present = replace(self._present, problem=None)  # a text that was refused is forgotten
            if text is not None:
                present = states.with_text(present, text)
            if present.problem:
                raise LessonError(present.problem.line)
            settings = {name: changes.pop(name) for name in states.RESERVED if name in changes}
            if changes:
                present = states.with_values(present, changes)
            self.change(states.with_settings(present, settings))

    graph = property(lambda self: self._present.graph.copy(),
                     doc="The `Graph` on the screen (a copy).")
    value = property(lambda self: self._present.graph.value, doc="The value of the output.")
    gradients = property(lambda self: self._present.graph.gradients,
                         doc="dL/d(variable) by name; L is the output.")

    def cell(self):
        """The text of the cell that makes this stepper again."""
        present = self._present
        words = {name: int(x) if x.is_integer() and abs(x) < 1e15 and str(x) != "-0.0" else x
                 for name, x in present.values.items()}
        words |= {"step": present.step} if present.step and not present.quiz else {}
        words |= {"quiz": True} if present.quiz else {}
        words |= {"fuse": present.fused} if present.fused else {}
        return cell_of("GraphStepper", present.text, **words)

    def figure(self):
        """The whole graph with its values, and with the gradients that are on the screen."""
        from .picture import draw_graph

        present = self._present
        shown = gradients_shown(present, present.steps[:present.step])
        hidden = {node.name for node in present.graph.nodes if node.index not in shown}
        return draw_graph(present.graph, self.sentence(), hidden, self._head())

    def _head(self):
        """What stands above the graph: the expression, its values, the step taken last."""
        shown, now = self.state, self.state["now"]
        values = ", ".join(f"{one['name']} = {one['text']}" for one in shown["sliders"][:12])
        said = shown["quiz"]["said"] if shown["quiz"] else now["said"]
        lines = ((f"L = {shown['expression']['text']:.200}", 13, True), (values, 11, False),
                 (now["title"], 11, False), (said, 12, True), (now["rule"], 10, False))
        return [line for line in lines if line[0]]

    def sentence(self):
        present, graph = self._present, self._present.graph
        gates = sum(node.gate is not None for node in graph.nodes)
        text = present.text if len(present.text) <= 100 else f"{present.text[:99]}…"
        head = (f"GraphStepper: {text} as a graph of "
                f"{plural(gates, 'gate')}; the value is {short(graph.value)}")
        if present.quiz:
            return f"{head}; quiz, {score(present.quiz, graph)}"
        shown = gradients_shown(present, present.steps[:present.step])
        known = [node for node in graph.variables.values() if node.index in shown]
        if len(known) < len(graph.variables) and present.step < len(present.steps):
            return (f"{head}; {len(known)} of {plural(len(graph.variables), 'gradient')} known, "
                    "the steps back bring the others")
        beside = at_kinks(graph)
        gradients = ", ".join(f"{node.name} {short(node.gradient)}{beside.get(node.name, '')}"
                              for node in known[:12])
        gradients += f" and {len(known) - 12} more" if len(known) > 12 else ""
        return f"{head}; gradients: {gradients or 'none'}"

    def _publish(self, shown):
        problem = self._present.problem
        if problem:  # a refused expression is shown beside its field, at its place
            self.last_error = problem.line
        super()._publish(shown)
