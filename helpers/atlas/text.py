"""How pages write formulas, code, links and tables: in Markdown, as GitHub reads it."""

from ..widgets.kit.away.link import HERE, address


def block(latex):
    """A formula on lines of its own."""
    return f"```math\n{latex}\n```"


def inline(latex):
    """A formula inside a line."""
    return f"$`{latex.replace('|', chr(92) + 'vert ')}`$"


def code(text):
    """Lines of Python."""
    return f"```python\n{text}\n```"


def tick(text):
    """A piece of code inside a line; in a table a bar would end the cell."""
    return f"`{text}`".replace("|", "\\|")


def table(heading, rows):
    """A table from texts."""
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def link(name, wrt, inputs):
    """(the cell that shows a derivative in the explorer, the address that opens it)."""
    chosen = f', wrt="{wrt}"' if len(inputs) > 1 else ""
    cell = f'JacobianExplorer("{name}"{chosen})'
    return cell, address("JacobianExplorer", cell, HERE)


def indented(text):
    """A text below a numbered item."""
    return "\n".join(f"   {line}".rstrip() for line in text.splitlines())


def lines(target, formulas):
    """A line of NumPy after those of what it uses: `dX = …`."""
    before = [f"{name} = {line}" for name, line in formulas["where"].items()]
    return "\n".join([*before, f"{target} = {formulas['numpy']}"])
