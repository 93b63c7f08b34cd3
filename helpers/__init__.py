"""Tensor Monsters: a layer's full Jacobian, the compact array that replaces it, both on screen."""

from importlib import import_module

# Loaded when first asked for, so that `import helpers` brings neither Matplotlib nor ipywidgets.
_HOME = {
    "OPERATIONS": "calculus.operations",
    "Operation": "calculus.operation",
    "Derivative": "calculus.operation",
    "operation": "calculus.operation",
    "register": "calculus.operation",
    "numerical_jacobian": "calculus.slopes",
    "contract": "calculus.jacobian",
    "relative_error": "calculus.gradcheck",
    "check_gradients": "calculus.gradcheck",
    "cost": "calculus.cost",
    "discover": "calculus.structure",
    "Graph": "calculus.graph",
    "installation": "installation",
    "EditableArray": "widgets.array",
    "TensorView": "widgets.tensor",
    "JacobianExplorer": "widgets.explorer",
    "BatchNormLab": "widgets.batchnorm",
    "GraphStepper": "widgets.graph",
    "ReplacementFinder": "widgets.finder",
    "SelfTest": "widgets.selftest",
    "TrainingCurve": "widgets.training",
    "digits": "data",
    "ActivationLab": "widgets.activation",
    "DepthLab": "widgets.depth",
    "DeadReluLab": "widgets.dead_relu",
    "ZigZagLab": "widgets.zigzag",
    "CollapseLab": "widgets.collapse",
    "OutputLossLab": "widgets.output_loss",
    "glorot_errors": "pictures.glorot",
    "numerical_gradient": "calculus.vector",
    "numerical_hessian": "calculus.vector",
    "mixed_partials": "calculus.vector",
    "prediction_errors": "calculus.vector",
    "log_slope": "calculus.vector",
    "vec": "calculus.vector",
    "vec_jacobian": "calculus.vector",
    "compose": "calculus.vector_chain",
    "MAPS": "calculus.maps",
    "SURFACES": "calculus.vector_surfaces",
    "ChainRuleLab": "widgets.chain",
    "HessianLab": "widgets.hessian",
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
