"""What is said of a text that is no expression: what is wrong at its place, and what to write.

Sentences by sign, by name and by function. `notations` turns the whole text into an expression
where that can be told; it is shown only when the parser can read it.
"""

import keyword
import re
import unicodedata

from . import functions, notations
from .gates import FUNCTIONS

LONGEST = 90  # characters of an expression that a message repeats

SIGNS = {
    "^": "for a power, write **", "=": "write only the right-hand side",
    "[": "use round brackets, and x0 or x_0 for an entry of x",
    "{": "use round brackets", "}": "use round brackets", "]": "use round brackets",
    "%": "for percent, divide by 100; a remainder has no gate", "!": "there is no factorial here",
    "\\": "this is LaTeX; write fractions as a/b, powers as a**b, roots as sqrt(a)",
    "$": "leave out the dollar signs of LaTeX",
    "_": "a name begins with a letter", "'": "a variable has no quotes and no prime: write x1",
    '"': "leave out the quotes", "`": "leave out the quotes", "#": "leave out the comment",
    "&": "there are no conditions here", ":": "for a quotient, write /",
    ";": "write one expression, and a comma between the numbers of max or min",
    "?": "there are no conditions here: max, min, relu and abs choose", "~": "a minus is −",
    "±": "write two expressions, one with + and one with −",
    "∓": "write two expressions, one with + and one with −",
    "@": "these are numbers, not arrays: write x*y", "∑": "write the sum out: x0 + x1 + x2",
    "Σ": "write the sum out: x0 + x1 + x2", "∏": "write the product out: x0*x1*x2",
    "∫": "there are no integrals here", "∂": "the graph finds the derivatives itself",
    "∇": "the graph finds the derivatives itself", "…": "write all the terms out",
    "∛": "write x**(1/3)", "°": "angles are in radians: x degrees are x*π/180",
    **dict.fromkeys("⊙⊗", "these are numbers, not arrays: write x*y"),
    "∘": "write f∘g as one expression in another: exp(sin(x))", "′": "call it x1: no primes here",
    "⊕": "write x + y", "‖": "for a length, write sqrt(x**2 + y**2)", "∝": "write an expression",
    **dict.fromkeys("<>≤≥≠≈∈", "there are no comparisons here: max, min, relu and abs choose"),
    **dict.fromkeys("∧↑⌃", "for a power, write **"),
    **dict.fromkeys("⋆⨂", "for a product, write *"), "٫": "for a decimal number write 0.5",
    **dict.fromkeys("⌊⌋⌈⌉", "there is no rounding here"),
    **dict.fromkeys("→⇒↦", "write only the expression itself"),
    **dict.fromkeys("“”„‘’«»", "leave out the quotes"),
}
ALONE = {
    ")": "a bracket is closed, but none is open.",
    ",": "a comma stands between the numbers of max or min only; for a decimal number write 0.5.",
    "|": "put an operator before '|', such as *; two bars around something are its absolute value.",
}


WORDS = {
    **dict.fromkeys(("and", "or", "not", "if", "else", "then"),
                    "there are no conditions here: max, min, relu and abs choose"),
    "mod": "a remainder has no gate", "squared": "for a square, write x**2",
    "cubed": "for a cube, write x**3",
}


def shifted(text):
    """Whether a raised or lowered sign stands in it, or one that is only like a letter."""
    return any(unicodedata.decomposition(sign).startswith(("<super>", "<sub>"))
               or unicodedata.category(sign) == "Lm" for sign in text)


def about_sign(text, place):
    """What is wrong with the sign at this place, which no expression has."""
    sign = text[place]
    kind = unicodedata.category(sign)
    if kind == "Cf" or kind == "Cc":
        called = unicodedata.name(sign, "a control character").lower()
        instead = "write * instead" if sign == "\u2062" else "delete it"
        return f"an invisible character stands here ({called}, U+{ord(sign):04X}): {instead}."
    return f"{sign!r} has no meaning here: {_why(text, place, sign, kind)}."


def _why(text, place, sign, kind):
    """The second half of the sentence about a sign."""
    before, after = text[:place], text[place + 1:]
    if sign == "." and not after.strip():
        return "leave out the point at the end"
    if sign == "." and (module := re.search(r"(\w+)$", before)):
        if module[1] in notations.MODULES:
            return f"leave out {module[1]}: functions stand alone"
        if re.match(r"T\b", after):
            return "these are numbers, not arrays: write w0*x0 + w1*x1 for wᵀx"
        if after[:1] in ("*", "/", "^", "("):
            return "leave out the point: these are numbers, not arrays"
        return "a function stands before its number: write exp(x)"
    if sign == "." and before.endswith(")"):
        return "a function stands before its number: write exp(x)"
    if sign == "^" and re.match(r"\{?(?:T|\\top|\\intercal)\b", after):
        return "these are numbers, not arrays: write w0*x0 + w1*x1 for wᵀx"
    if sign in "=!" and after.startswith("="):
        return SIGNS["<"]
    if sign == "=" and before.count("(") > before.count(")"):
        return "a number in brackets stands without a name"
    if sign == "'" and not before.strip():
        return SIGNS['"']
    if sign == "=" and after.startswith(">"):
        return "write only what comes behind the arrow"
    if sign == ":" and re.match(r"\s*lambda\b", before):
        return "write only what comes behind the colon"
    if sign in SIGNS:
        return SIGNS[sign]
    if notations.is_superscript(sign):
        return "for a power, write **, as in x**2"
    return _by_kind(sign, kind)


def _by_kind(sign, kind):
    """For signs of no list: what Unicode knows of them."""
    if kind == "Nd":
        return f"write {unicodedata.digit(sign)}"
    plain = unicodedata.normalize("NFKC", sign)
    if plain != sign and plain.isascii() and plain.isprintable() and plain.strip():
        return f"it is a full-width sign; write {plain}"
    return "use + − * / **, brackets, numbers, names and functions"


def about_name(name):
    """Of a name that Python would not take."""
    if "ᵀ" in name:
        return (f"{name!r} is no name: these are numbers, not arrays; write w0*x0 + w1*x1 for wᵀx.")
    if name == "³":
        return "for the third root, write x**(1/3)."
    fraction = next((sign for sign in name if unicodedata.category(sign) == "No"
                     and not notations.is_superscript(sign)
                     and sign.translate(notations.SUBSCRIPTS) == sign), "")
    if fraction:
        return f"{fraction!r} is no number here: write {notations.rewritten(fraction)}."
    first = re.match(rf"[^\W\d]+?[{''.join(map(chr, notations.SUBSCRIPTS))}]+", name)
    if first:
        lowered = first[0].translate(notations.SUBSCRIPTS)
        return f"{name!r} is no name: an index stands on the line, write {lowered}."
    return f"{name!r} is no name; for a power, write ** as in x**2."


def about_function(name, text, column):
    """Of a name before a bracket that is no function here."""
    start = text.index("(", column)
    end = functions.group(text, start)
    inside = text[start + 1:end - 1] if end else "x"
    lead = f"there is no function {name}; "
    if name in functions.TWO_MEANINGS:
        either = functions.TWO_MEANINGS[name]
        return f"{lead}write {either.format(inside, functions.bracketed(inside))}."
    if name.lower() == "pi":
        return f"{lead}write pi."
    formula = functions.formula(name, inside)
    if formula:
        return f"{lead}write {formula}."
    if name.lower() in functions.FORMULAS:
        return f"{lead}it is {functions.FORMULAS[name.lower()]}."
    if name.lower() in functions.WITHOUT:
        return f"{lead}{functions.WITHOUT[name.lower()]}."
    if notations.latin(name) in FUNCTIONS:
        return f"{lead}its letters only look Latin: type {notations.latin(name)} anew."
    if len(name) <= 2 or re.search(rf"(?<!\w){re.escape(name)}(?!\w|\s*\()", text):
        return f"{lead}for a product, write {name}*({inside})."
    near = [other for other in FUNCTIONS if one_slip(name.lower(), other)]
    return lead + (f"did you mean {' or '.join(near)}?" if near
                   else f"there are {', '.join(FUNCTIONS)}.")


def one_slip(name, other):
    """Whether one letter too many, too few, wrong, or two swapped make the one of the other."""
    same = next((k for k, (a, b) in enumerate(zip(name, other, strict=False)) if a != b), len(name))
    rest, left = name[same:], other[same:]
    return name.isalpha() and abs(len(name) - len(other)) <= 1 and (
        rest[1:] in (left, left[1:]) or rest == left[1:]
        or rest[1:2] + rest[:1] + rest[2:] == left)


def too_many(function, text, place):
    """Of a comma in the brackets of a function of one number, or in plain ones."""
    if re.search(r"\d$", text[:place]) and re.match(r"\d", text[place + 1:]):
        return f"{function or 'a bracket'} takes 1 number, not more; for a decimal write 0.5."
    if function == "log":
        return "log takes 1 number, not more; the one to the base b is log(x)/log(b)."
    return f"{function or 'a bracket'} takes 1 number, not more."


def instead(text, known, readable):
    """The whole text as an expression of this course, in one line, or ""."""
    again = " ".join(notations.rewritten(text, known).split())
    if "e" not in known and re.search(r"(?<![\w.])e ?\*\*", again):
        return ""
    if again == text or len(again) > LONGEST or not readable(again):
        return ""
    if re.search(r"[^\W\d]", text) and not re.search(r"[^\W\d]", again):
        return ""  # y = 0
    letters = re.sub(r"[\s{}_\[\]]", "", notations.rewritten_characters(text))
    names = set(re.findall(r"[^\W\d]\w*", again)) - {*FUNCTIONS, "pi"}
    fits = all(name.replace("_", "") in letters and not keyword.iskeyword(name) for name in names)
    return again if fits else ""


def meant_by(name, text, column, others, readable):
    """What a name without a value surely means, as a sentence; "" for a variable like others."""
    if name == "e" and re.match(r"e\s*\*\*", text[column:]):
        again = instead(text, {*others} - {"e"}, readable) or "exp(x)"
        return f"e is a variable here, not 2.718…: for e to a power write exp. Write {again}"
    if name.lower() == "pi":
        return f"for 3.14159… write pi, not {name}."
    if keyword.iskeyword(name):
        return f"{name} is a word of Python, no name of a variable: call it {name}_."
    if name != name.lower() and name.lower() in FUNCTIONS:
        return f"{name} is a function: write {name.lower()}(x)."
    if (ends := name.partition("T"))[0] in others and ends[2] in others:
        return f"for {ends[0]}ᵀ{ends[2]}, write out the sum: w0*x0 + w1*x1."
    if re.fullmatch(r"d[a-zA-Z]", name) and re.search(r"d[a-zA-Z] ?/ ?d[a-zA-Z]", text):
        return "the graph finds the derivatives itself: write the function alone."
    latin = notations.latin(name)
    if latin != name and latin in others:
        strange = next(sign for sign, other in zip(name, latin, strict=True) if sign != other)
        return (f"{name!r} is not {latin}: {strange!r} is {unicodedata.name(strange).lower()}, "
                f"which only looks like it. Type it anew: {latin}.")
    parts = notations.split(name, others)
    if not parts:
        return ""
    what = "for a function, write its brackets:" if "(" in parts else "for a product, write"
    again = instead(text, others, readable)
    whole = f" Write {again}" if again and again != parts else ""
    return f"there is no value for {name}; {what} {parts}.{whole}"


def alike(name, others):
    """Another name that differs in capitals and lines alone, or ""."""
    def plain(one):
        return one.replace("_", "").lower()

    return next((one for one in sorted(others) if plain(one) == plain(name)), "")
