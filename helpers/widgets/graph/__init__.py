"""Walking through the graph of any expression, forward and backward."""

from .stepper import GraphStepper as GraphStepper
