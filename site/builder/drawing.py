"""Runs in Pyodide: every widget's first state, live and still, its scripts and styles."""

import base64
import json
from hashlib import sha256

from helpers.labs.kit.lab import Lab
from helpers.pictures.canvas import png
from helpers.widgets.kit.away.copy import wired
from helpers.widgets.kit.away.link import built, read

# The cell that a page begins with where no link brings another, and its name in the list.
CELLS = {
    "JacobianExplorer": ('JacobianExplorer("relu", n=3, h=4)', "Explorer: a layer's Jacobian"),
    "GraphStepper": ('GraphStepper("(x + y) * z", x=-2, y=5, z=-4)', "Graph of an expression"),
    "BatchNormLab": ("BatchNormLab()", "Batch normalization"),
    "OrderPuzzle": ("OrderPuzzle()", "Order of the factors"),
    "ActivationLab": ("ActivationLab()", "Activations"),
    "DepthLab": ("DepthLab()", "Depth"),
    "DeadReluLab": ("DeadReluLab()", "Dead ReLU"),
    "ZigZagLab": ("ZigZagLab()", "Zig-zag"),
    "CollapseLab": ("CollapseLab()", "Collapse of affine layers"),
    "OutputLossLab": ("OutputLossLab()", "Output and loss"),
    "ChainRuleLab": ("ChainRuleLab()", "Chain rule"),
    "HessianLab": ("HessianLab()", "Hessian"),
    "ChainCountLab": ("ChainCountLab()", "What a chain costs"),
    "ReplacementFinder": ("ReplacementFinder()", "Find the replacement"),
    "GradientDoctor": ("""import numpy as np

def forward(X, W, b):
    return X @ W + b

def backward(G, X, W, b):
    return G @ W.T, X.T @ G, G.sum(axis=1)

GradientDoctor(forward, backward, [[1.0, -0.5, 2.0], [0.5, 1.5, -1.0]],
               [[0.3, -0.8], [1.2, 0.4], [-0.6, 0.9]], [0.1, -0.2])""", "Gradient doctor"),
    "TrainingCurve": ("TrainingCurve(points=[(1, 2.3, 0.1), (50, 0.9, 0.7), (100, 0.4, 0.88)])",
                      "Curve of a training run"),
    "EditableArray": ("EditableArray([[1.0, -2.0, 0.5], [0.0, 3.0, -1.5]])", "An array"),
    "TensorView": ("TensorView([[[1, 0], [0, 0]], [[0, 0], [0, 2]]], output_ndim=1)", "A tensor"),
}


def stored(text, kind):
    """Write a text under its checksum; its name."""
    name = f"{kind}-{sha256(text.encode()).hexdigest()[:10]}.{kind}"
    with open(f"/build/first/{name}", "w", encoding="utf-8") as file:
        file.write(text)
    return name


def written(name, cell, title):
    """One widget's files, and its row of the table."""
    widget = built(read(cell), trusted=True)
    text, buffers = wired(widget.everything())
    packed = {"text": text, "buffers": [base64.b64encode(b).decode() for b in buffers]}
    with open(f"/build/first/first-{name}.json", "w", encoding="utf-8") as file:
        json.dump(packed, file)
    with open(f"/build/first/stills/{name}.png", "wb") as file:
        file.write(png(widget.stored()))
    return {"title": title, "cell": cell, "pictures": isinstance(widget, Lab),
            "front": stored(widget.front, "js"), "style": stored(widget._css, "css"),
            "says": widget.sentence()}


table = {name: written(name, *row) for name, row in CELLS.items()}
with open("/build/first/widgets.json", "w", encoding="utf-8") as file:
    json.dump(table, file, ensure_ascii=False)
