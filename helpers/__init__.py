"""Tensor Monsters: a layer's full Jacobian, the compact array that replaces it, both on screen."""

from importlib import import_module

from . import shadows
from .plain import print_anywhere

print_anywhere()

# Loaded when first asked for, so that `import helpers` brings neither Matplotlib nor ipywidgets.
_HOME = {
    # everywhere
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
    "JacobianExplorer": "widgets.explorer",
    "GradientDoctor": "widgets.doctor",
    "EditableArray": "widgets.array",
    "TensorView": "widgets.tensor",
    # 00 start here
    "installation": "installation",
    "SelfTest": "widgets.selftest",
    # 01 activations
    "UNITS": "calculus.units",
    "values": "calculus.units",
    "unit_gallery": "pictures.units",
    "glorot_errors": "pictures.glorot",
    "ActivationLab": "labs.activation",
    "DepthLab": "labs.depth",
    "DeadReluLab": "labs.dead_relu",
    "ZigZagLab": "labs.zigzag",
    "CollapseLab": "labs.collapse",
    "OutputLossLab": "labs.output_loss",
    # 02 scalar backprop
    "Graph": "calculus.graph",
    "GraphStepper": "widgets.graph",
    "draw_graph": "widgets.graph.picture",
    # 03 vector chain rule
    "numerical_gradient": "calculus.vector.derivatives",
    "numerical_hessian": "calculus.vector.derivatives",
    "mixed_partials": "calculus.vector.derivatives",
    "prediction_errors": "calculus.vector.derivatives",
    "log_slope": "calculus.vector.derivatives",
    "vec": "calculus.vector.derivatives",
    "vec_jacobian": "calculus.vector.derivatives",
    "commutation": "calculus.vector.derivatives",
    "compose": "calculus.vector.chain",
    "MAPS": "calculus.vector.maps",
    "SURFACES": "calculus.vector.surfaces",
    "ChainRuleLab": "labs.chain",
    "HessianLab": "labs.hessian",
    "ChainCountLab": "labs.chain_count",
    "OrderPuzzle": "widgets.order",
    # 04 tensor derivatives
    "cost_curves": "pictures.curves",
    "stages": "pictures.stages",
    "weighted_slices": "pictures.slices",
    # 05 affine and batch norm
    "verdict": "calculus.gradcheck",
    "BatchNormLab": "widgets.batchnorm",
    "normalization_blocks": "widgets.batchnorm.picture",
    "step_ladder": "widgets.batchnorm.picture",
    # 06 find the replacement
    "discover": "calculus.discover",
    "ReplacementFinder": "labs.finder",
    # 07 train with your gradients
    "digits": "data",
    "TrainingCurve": "labs.training",
    "training_curves": "labs.training.picture",
    "progress_bar": "labs.training.bar",
    "digit_row": "labs.training.picture",
}

__all__ = list(_HOME)


def __getattr__(name):
    if name not in _HOME and name != "exercises":
        raise AttributeError(f"helpers has no {name!r}. It has: {', '.join(_HOME)}.")
    try:
        module = import_module(f".{_HOME.get(name, name)}", __name__)
        value = getattr(module, name) if name in _HOME else module
    except Exception as error:
        if found := shadows.told(error):
            raise ImportError(found) from None
        if isinstance(error, AttributeError):  # which would mean that there is no such name
            raise ImportError(f"{name} cannot be loaded: {error}") from error
        raise
    globals()[name] = value
    return value


def __dir__():
    return __all__
