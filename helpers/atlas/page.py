"""The page of one operation."""

from ..calculus.operation import needed
from ..calculus.synonyms import names_of
from ..words import bytes_text, listed, plural
from . import facts, picture
from .lessons import lesson_title
from .notes import NOTES
from .text import block, code, indented, lines, link, published, table


def page(op, table_of_all):
    """The text of an operation's page; table_of_all: the operations by name, for its links."""
    parts = [f"# {title(op)}", named(op), *forward(op), way_around(op, table_of_all)]
    for wrt in op.inputs:
        parts += by(op, wrt)
    parts += [*traps(op), *elsewhere(op), closing(op, table_of_all)]
    return "\n\n".join(part for part in parts if part) + "\n"


def title(op):
    """The name that a page bears."""
    return NOTES[op.name].title if op.name in NOTES else op.name


def named(op):
    """The name in the table, and those that people search by."""
    others = names_of(op.name)
    also = f" · elsewhere: {', '.join(others)}" if others else ""
    return f"`{op.name}`{also}"


def forward(op):
    """The formula, its NumPy, its axes and what is given."""
    words = op.formulas[op.output]
    axes = [f"{name} ({', '.join(letters) or 'one number'})"
            for name, letters in facts.arrays(op).items()]
    yield block(words["latex"])
    yield code(lines(op.output, words))
    upstream = "G, one number, 1 unless more follows" if op.output == "L" else \
        f"G = dL/d{op.output}, with the axes of {op.output}"
    yield f"Axes: {', '.join(axes[:-1])} → {axes[-1]}. Upstream gradient: {upstream}."
    given = [f"`{name}` = {value:g}" for name, value in op.parameters.items()]
    given += [f"`{name}`, an array that nothing is differentiated by" for name in op.constants]
    if given:
        yield f"By keyword: {'; '.join(given)}."


def way_around(op, table_of_all):
    """Where it is taught, and its neighbours."""
    note = NOTES.get(op.name)
    if not note:
        return ""
    near = [f"[{title(table_of_all[name])}]({name}.md)" for name in note.near
            if name in table_of_all]
    lesson = f"[{lesson_title(note.lesson)}](../../notebooks/{note.lesson}.ipynb)"
    return f"Lesson: {lesson}." + (f" Neighbours: {', '.join(near)}." if near else "")


def by(op, wrt):
    """The part of the page about one input."""
    words = op.formulas[wrt]
    yield f"## By {wrt}"
    yield sentence(words["why"])
    yield shapes(op, wrt)
    yield f"One entry of the full tensor:\n\n{block(words['entry'])}"
    if picture.small(op, wrt):
        alt = picture.says(op, wrt, picture.tensor_of(op, wrt))
        yield f"![{alt}](pictures/{op.name}_{wrt}.png)"
    yield f"What replaces it, backward (vjp):\n\n{block(words['latex'])}"
    yield code(lines(f"d{wrt}", words))
    yield f"And forward, for a change d{wrt} of the input (jvp):\n\n{block(words['jvp_latex'])}"
    more = {name: line for name, line in needed(words["jvp_numpy"], op.where).items()
            if name not in words["where"]}
    yield code(lines(f"d{op.output}", {"where": more, "numpy": words["jvp_numpy"]}))
    yield costs(op, wrt)
    yield steps(op, wrt)
    yield proof(op, wrt)
    cell, address = link(op.name, wrt, op.inputs, published())
    yield f"Live: `{cell}` in a notebook, or [in a browser]({address})."


def sentence(text):
    """A text with a capital in front and a full stop."""
    named = text[1:2] == " " and text[0] != "a"  # b is copied …: a name stays as it is
    return f"{text[0] if named else text[0].upper()}{text[1:]}{'' if text.endswith('.') else '.'}"


def shapes(op, wrt):
    """The full tensor's axes in both layouts."""
    outer, inner = facts.letters(op, wrt)

    def shape(letters):
        return f"({', '.join(letters)}{',' if len(letters) == 1 else ''})"

    return table(["layout", f"shape of ∂{op.output}/∂{wrt}", "axes of"],
                 [["numerator", shape((*outer, *inner)), f"{op.output}, then {wrt}"],
                  ["denominator", shape((*inner, *outer)), f"{wrt}, then {op.output}"]])


def costs(op, wrt):
    """What is stored and multiplied, with the tensor and without, at large sizes."""
    price = facts.large(op, wrt)
    sizes = listed([f"{letter.upper()} = {size:,}" for letter, size in price.sizes.items()])
    rows = [["numbers stored", f"{price.full_entries:,}", f"{price.compact_entries:,}"],
            ["in float64", bytes_text(price.full_bytes), bytes_text(price.compact_bytes)],
            ["multiplications", f"{price.full_multiplications:,}",
             f"{price.compact_multiplications:,}"]]
    return f"At {sizes}:\n\n" + table(["what", "full tensor", "instead"], rows)


def steps(op, wrt):
    """The derivation, a numbered line each."""
    made = []
    for place, (heading, latex) in enumerate(facts.derivation(op, wrt), 1):
        body = code(lines(f"d{wrt}", op.formulas[wrt])) if heading == "NumPy" else block(latex)
        made.append(f"{place}. {heading}\n\n{indented(body)}")
    return "### Step by step\n\n" + "\n\n".join(made)


def proof(op, wrt):
    """What the check measured."""
    found = facts.checked(op.name, op, wrt)
    rows = [[what, f"below {most}"] for what, most in found.items()]
    return (f"### Checked\n\nLargest difference over {plural(facts.SEEDS, 'example')} of different "
            "sizes, relative to the largest entry:\n\n" + table(["compared", "difference"], rows))


def traps(op):
    """What goes wrong with it."""
    if op.name in NOTES:
        yield "## Known traps"
        yield "\n".join(f"- {text}" for text in NOTES[op.name].traps)


def elsewhere(op):
    """The same in PyTorch and in JAX."""
    if op.name not in NOTES:
        return
    note, names = NOTES[op.name], ", ".join(op.inputs)
    grads = ", ".join(f"d{name}" for name in op.inputs) + ("," if len(op.inputs) == 1 else "")
    yield "## In other libraries"
    for library, imports, line, vjp, jac in (
            ("PyTorch", "import torch\nimport torch.nn.functional as F", note.torch,
             "torch.func.vjp", "torch.func.jacrev"),
            ("JAX", "import jax\nimport jax.numpy as jnp", note.jax, "jax.vjp", "jax.jacrev")):
        yield f"{library}, the same numbers up to rounding:"
        yield code(f"{imports}\n\ndef layer({names}):\n    return {line}\n\n"
                   f"{op.output}, pull = {vjp}(layer, {names})\n{grads} = pull(G)\n"
                   f"J = {jac}(layer, 0)({names})  # the full tensor by {op.inputs[0]}")


def closing(op, table_of_all):
    """Links to the index and to the pages before and after."""
    names = list(table_of_all)
    place = names.index(op.name)
    before, after = names[place - 1] if place else "", (*names, "")[place + 1]
    links = [f"← [{title(table_of_all[before])}]({before}.md)"] if before else []
    links += ["[All operations](index.md)"]
    links += [f"[{title(table_of_all[after])}]({after}.md) →"] if after else []
    return "---\n\n" + " · ".join(links)

