"""Tensor Monsters: a layer's full Jacobian, the compact array that replaces it, both on screen."""

from importlib import import_module

# Loaded when first asked for, so that `import helpers` brings neither Matplotlib nor ipywidgets.
_HOME = {
    "OPERATIONS": "calculus.operations",
    "Operation": "calculus.operation",
    "Derivative": "calculus.operation",
    "operation": "calculus.operation",
    "register": "calculus.operation",
    "numerical_jacobian": "calculus.jacobian",
    "contract": "calculus.jacobian",
    "relative_error": "calculus.gradcheck",
    "check_gradients": "calculus.gradcheck",
    "cost": "calculus.cost",
    "discover": "calculus.discover",
    "Graph": "calculus.graph",
    "installation": "installation",
    "EditableArray": "widgets.array",
    "TensorView": "widgets.tensor",
    "JacobianExplorer": "widgets.explorer",
    "BatchNormLab": "widgets.batchnorm",
    "GraphStepper": "widgets.graph",
    "ReplacementFinder": "labs.finder",
    "SelfTest": "widgets.selftest",
    "TrainingCurve": "labs.training",
    "digits": "data",
    "ActivationLab": "labs.activation",
    "DepthLab": "labs.depth",
    "DeadReluLab": "labs.dead_relu",
    "ZigZagLab": "labs.zigzag",
    "CollapseLab": "labs.collapse",
    "OutputLossLab": "labs.output_loss",
    "glorot_errors": "pictures.glorot",
    "numerical_gradient": "calculus.vector.derivatives",
    "numerical_hessian": "calculus.vector.derivatives",
    "mixed_partials": "calculus.vector.derivatives",
    "prediction_errors": "calculus.vector.derivatives",
    "log_slope": "calculus.vector.derivatives",
    "vec": "calculus.vector.derivatives",
    "vec_jacobian": "calculus.vector.derivatives",
    "compose": "calculus.vector.chain",
    "MAPS": "calculus.vector.maps",
    "SURFACES": "calculus.vector.surfaces",
    "ChainRuleLab": "labs.chain",
    "HessianLab": "labs.hessian",
    "OrderPuzzle": "widgets.order",
}

__all__ = list(_HOME)


def __getattr__(name):
    if name not in _HOME:
        raise AttributeError(f"helpers has no {name!r}. It has: {', '.join(_HOME)}.")
    value = getattr(import_module(f".{_HOME[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__():
    return __all__
