"""The explorer's present as a static picture."""


from ...calculus.jacobian import to_denominator
from .entrywise import hatted
from .picture import draw_explorer
from .state import compute
from .view import verdict


def figure_of(present, says):
    """The whole present as a `Picture` with `says` as its text."""
    computed, letters, wrt = compute(present), present.letters, present.wrt
    numerator = present.layout == "numerator"
    out, primed = present.op.output, tuple(f"{letter}′" for letter in letters[wrt])
    outer, inner = (letters[out], primed) if numerator else (primed, letters[out])
    J = computed.J if numerator else to_denominator(computed.J, computed.Y.ndim)
    line = computed.texts[wrt]["numpy"]
    shape = ", ".join(map(str, J.shape))
    same, core = verdict(computed), computed.core
    return draw_explorer(
        says,
        letters,
        {**present.inputs, **present.constants, out: computed.Y, "G": present.G},
        {"J": J, "outer_letters": outer, "inner_letters": inner, "mode": present.mode},
        {"full": f"The full way: ∂{out}/∂{wrt} has shape ({shape})",
         "compact": f"The compact way: d{wrt} = {line}",
         "core": core and (hatted(core[0]), *core[1:]),
         "gradient": (f"dL/d{wrt}", computed.compact, letters[wrt]),
         "verdict": f"It keeps {computed.kept}. {same['text']}"},
    )
