"""Expressions as graphs of gates: values forward, gradients backward, each with its step."""

from .graph import Graph as Graph
