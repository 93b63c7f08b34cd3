"""What students bring from other notations, and how it is written here.

`rewritten` turns a text from a book, LaTeX, NumPy, JavaScript, a calculator or a spreadsheet into
an expression of this course, or gives it back where it cannot tell. Nothing is accepted by it: its
answer stands in a message, and only when the parser reads it without a complaint.
"""

import html
import re
import unicodedata

from .functions import FORMULAS, bracketed, formula, group
from .gates import FUNCTIONS

MODULES = ("np numpy math Math cmath torch jnp jax tf keras K F nn functional scipy special sp "
           "sympy anp mpmath activations").split()
GREEK = ("alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu "
         "nu xi pi rho sigma tau phi varphi chi psi omega").split()
LATEX_FUNCTIONS = "exp log ln sin cos tan tanh sinh cosh max min lg cot sec csc coth".split()
SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", "0123456789aehijklmnoprstuvx")
SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ"
PLAIN = "0123456789+-=()abcdefghijklmnoprstuvwxyz"
LOOKALIKES = str.maketrans("асеһіјорѕухԁԛԝАВЕЅІЈКМНОРСТУХοαυρνικΑΒΕΖΗΙΚΜΝΟΡΤΥΧɡı",
                           "acehijopsyxdqwABESIJKMHOPCTYXoaupvikABEZHIKMNOPTYXgi")
TRANSPOSED = re.compile(r"\^\s*\{?\s*(?:T\b|\\top|\\intercal)|ᵀ|\.T\b")
DERIVATIVE = re.compile(r"\\frac\s*\{?\s*(?:d|\\partial)\b")
ALIKE = str.maketrans({"ˆ": "^", "∧": "^", "⌃": "^", "↑": "^", "⋆": "*", "∶": "/"})
PIECES = re.compile(r"\s*((?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[^\W\d]\w*|\*\*|\S)")
MOST_REWRITTEN = 200  # characters; longer texts are not a formula from a page


def rewritten(text, known=()):
    """The text as an expression of this course, where all of it can be told; else as it was.

    known: names of variables that are surely names.
    """
    if len(text) > MOST_REWRITTEN or TRANSPOSED.search(text):
        return text
    again = _latex(_characters(text), known)
    known = {*known, "π"} if known else known
    for change in (_modules, _methods, _signs, _powers_of_functions, _calls, _exponentials,
                   _commas, _words):
        again = change(again)
    return _tidy(_products(again, known))


def _tidy(text):
    """No bracket around a number in a power, no blanks inside of brackets or before them."""
    text = re.sub(r"(?<=\*\*)\((\w+)\)(?! ?\*\*)", r"\1", text)
    text = re.sub(r"(?<=\w) (?=\()|(?<=[(|]) +| +(?=[)|,])", "", text)
    text = re.sub(r"  +", " ", text).strip()
    return text[1:-1] if text.startswith("(") and group(text, 0) == len(text) else text


def rewritten_characters(text):
    """The text in the letters and digits of this course, its words as they were."""
    return _characters(text)


def is_superscript(sign):
    return sign in SUPERSCRIPTS


def latin(name):
    """A name in Latin letters, where others in it only look like them."""
    return name.translate(LOOKALIKES)


def _characters(text):
    """Letters, digits and signs of other alphabets, raised, lowered, wide or invisible."""
    text = re.sub(r"<sup>(.*?)</sup>", r"**(\1)", re.sub(r"</?sub>", "", html.unescape(text)))
    text = re.sub(r"(?:³√|∛) ?(\w+|(?=\())", lambda m: f"cbrt({m[1]})" if m[1] else "cbrt",
                  text).translate(ALIKE)
    text = re.sub(f"[{SUPERSCRIPTS}]+", lambda m: _raised(m[0]), text).translate(SUBSCRIPTS)
    plain = []
    for sign in text:
        if unicodedata.category(sign) == "Cf":
            plain.append("*" if sign == "\u2062" else "")
        elif unicodedata.category(sign) == "No" and (number := unicodedata.numeric(sign, None)):
            plain.append(f"({_fraction(number)})")
        elif unicodedata.category(sign) == "Nd":
            plain.append(str(unicodedata.digit(sign)))
        else:
            plain.append(unicodedata.normalize("NFKC", sign))
    return "".join(plain)


def _fraction(number):
    if float(number).is_integer():
        return f"{number:g}"
    below = next(n for n in range(2, 1001) if abs(number * n - round(number * n)) < 1e-9)
    return f"{round(number * below)}/{below}"


def _raised(signs):
    return f"**({''.join(PLAIN[SUPERSCRIPTS.index(sign)] for sign in signs)})"


def _braced(text, place):
    """(what stands in the braces, or the one sign, at this place; the place behind it)."""
    while text[place:place + 1] == " ":
        place += 1
    if text[place:place + 1] == "{":
        end = group(text, place, "{}")
        return (text[place + 1:end - 1], end) if end else (text[place + 1:], len(text))
    return text[place:place + 1], place + 1


def _latex(text, known):
    """Fractions, roots, Greek letters and functions of LaTeX."""
    if not re.search(r"[\\{$]", text) or DERIVATIVE.search(text):
        return text
    text = re.sub(r"\\(?:left|right|big|Big|bigl|bigr|displaystyle|limits|quad|qquad)(?![a-z])"
                  r"|\\[,;!: ]|\$|\\\[|\\\]|\\(?=[()])", " ", text)
    text = re.sub(r"\{([^{}]*)\\over\b([^{}]*)\}", r"\\frac{\1}{\2}", text)
    text = re.sub(r"\\(?:operatorname|mathrm|text|mathbf|mathit|boldsymbol)\s*\{(\w+)\}",
                  lambda m: m[1].lower() if m[1].lower() == "relu" else m[1], text)
    text = re.sub(r"\\([{}])", lambda m: "()"["{}".index(m[1])], text)
    text = _fractions(re.sub(r"\\[dt]frac", r"\\frac", text))
    text = re.sub(r"\\(?:cdot|times|ast|star)(?![a-z])", "*", text)
    text = re.sub(r"\\div(?![a-z])", "/", text)
    text = re.sub(r"\\(?:[lr]?vert|mid)(?![a-z])|\\\|", "|", text)
    text = re.sub(r"\\sigma\s*(?=\()", "sigmoid", text)
    text = re.sub(r"(\w)_(?:\{(\w+)\}|(\w))",
                  lambda m: m[0] + " " if m[0] in known else m[1] + (m[2] or m[3]) + " ", text)
    text = re.sub(r"\\(?:" + "|".join(LATEX_FUNCTIONS) + r")(?![a-z])",
                  lambda m: f" {m[0][1:]} ", text)
    text = re.sub(rf"\\({'|'.join(GREEK)})(?![a-z])", r" \1 ", text)
    text = re.sub(r"\s+", " ", text.replace("{", "(").replace("}", ")")).strip()
    return re.sub(r"(?<![\w)]) | (?![\w(])", "", text)


def _fractions(text):
    """Fractions and roots of LaTeX, the last ones first: they may stand inside of others."""
    while (place := max(text.rfind("\\frac"), text.rfind("\\sqrt"))) >= 0:
        inside = place + 5
        if text.startswith("\\frac", place):
            above, end = _braced(text, inside)
            below, end = _braced(text, end)
            made = f"{bracketed(above)}/{bracketed(below)}"
            bound = text[:place].rstrip().endswith(("/", "^")) or re.match(r"\s*[\w(\\^]",
                                                                           text[end:])
            made = f"({made})" if bound else made
        else:
            index = re.match(r"\s*\[(\d+)\]", text[inside:])
            root, end = _braced(text, inside + (index.end() if index else 0))
            made = f"{bracketed(root)}**(1/{index[1]})" if index else f"sqrt({root})"
        text = f"{text[:place]} {made} {text[end:]}"
    return text


def _modules(text):
    text = re.sub(r"\b(?:Math|math|np|numpy)\.(?:e|E)\b( ?\*\*)?",
                  lambda m: "e**" if m[1] else "exp(1)", text)
    text = re.sub(r"\b(?:Math\.)PI\b|\bPI\(\)", "pi", text)
    return re.sub(rf"\b(?:(?:{'|'.join(MODULES)})\.)+(?=[A-Za-z])", "", text)


def _methods(text):
    """x.exp() as exp(x), x.max(y) as max(x, y)."""
    while found := re.search(r"\.([A-Za-z_]\w*)\(", text):
        end = group(text, found.end() - 1)
        start = _start(text, found.start())
        if not end or start == found.start():
            return text
        inside = text[found.end():end - 1].strip()
        first = text[start:found.start()]
        if first.startswith("(") and group(first, 0) == len(first):
            first = first[1:-1]
        more = f", {inside}" if inside else ""
        text = f"{text[:start]}{found[1]}({first}{more}){text[end:]}"
    return text


def _start(text, end):
    """Where the name, number or call begins that ends at this place."""
    start = end
    if text[:end].endswith(")"):
        depth = 0
        for start in range(end - 1, -1, -1):
            depth += (text[start] == ")") - (text[start] == "(")
            if depth == 0:
                break
    while start and (text[start - 1].isalnum() or text[start - 1] == "_"):
        start -= 1
    return start


def _signs(text):
    """Other signs for the same: ^ and //, other brackets, quotes and comments around it."""
    text = re.sub(r"\s*#.*$", "", text).strip().rstrip(".,;")
    if text[:1] in ("'", '"', "`", "“") and text[-1] in "'\"`”":
        text = text[1:-1]
    text = re.sub(r"(?<=[a-zA-Z_)\d])( ?)\.(?=[\^*/(])", lambda m: m[0] if not m[1] and re.search(
        r"(?<!\w)\d+$", text[:m.start()]) else m[1], text)  # .* and .^ work entry by entry
    text = re.sub(rf"\b({'|'.join([*FUNCTIONS, 'ln', 'tan'])})\[(.*?)\]", r"\1(\2)", text,
                  flags=re.IGNORECASE)
    text = re.sub(r"^\s*(?:\(?[\w, ]*\)?\s*=>|\w+\s*(?:\([\w, ]*\))?\s*:?=(?!=)|=|return\b"
                  r"|lambda\b[\w, ]*:)", "", text).strip().rstrip(";")
    text = re.sub(r"(?<=\d)_(?=\d)", "", re.sub(r"(?<=[^\W\d])\[(\d+)\]", r"\1", text))
    text = re.sub(r"(?<=[\w)])\[", "?", text)  # another index is not a number's
    for one, other in (("^", "**"), ("//", "/"), ("[", "("), ("]", ")"), ("{", "("), ("}", ")"),
                       ("@", "*"), ("⊙", "*"), ("⊗", "*"), (":", "/")):
        text = text.replace(one, other)
    return text.replace(";", ",")


def _powers_of_functions(text):
    """sin**2(x) as sin(x)**2; a −1 there means the inverse and is left alone."""
    names = "|".join(["exp", "log", "sqrt", "sin", "cos", "tanh", "sigmoid", "relu", "softplus",
                      *FORMULAS])
    while found := re.search(rf"\b({names}) ?\*\* ?(\d+|\(\d+\)) ?(?=\(|[a-zA-Z]\w*)", text):
        place = found.end()
        name = re.match(r"\w+", text[place:])
        end = place + name.end() if name else group(text, place)
        if not end:
            return text
        inside = text[place:end] if text[place] == "(" else f"({text[place:end]})"
        text = f"{text[:found.start()]}{found[1]}{inside}**{found[2]}{text[end:]}"
    return text


def _calls(text):
    """Functions that stand here under another name, or as a formula; sin x as sin(x)."""
    text = re.sub(rf"\b({'|'.join([*FUNCTIONS, 'ln'])}) +(-?\w+)(?= *(?:[-+),|]|$))",
                  lambda m: f"{m[1]}({m[2]})", text)
    place = 0
    call = re.compile(r"\b([A-Za-z_]\w*) ?\(")
    while len(text) <= MOST_REWRITTEN and (found := call.search(text, place)):
        end = group(text, found.end() - 1)
        written = formula(found[1], text[found.end():end - 1]) if end else ""
        if written:
            around = bracketed(written)
            text = text[:found.start()] + (written if _alone(text, found.start(), end)
                                           else around) + text[end:]
        place = found.start() if written else found.end()
    return text


def _alone(text, start, end):
    """Whether nothing binds what stands here to its neighbours."""
    before, after = text[:start].rstrip()[-1:], text[end:].lstrip()[:1]
    return before in ("", "(", ",") and after in ("", ")", ",")


def _exponentials(text):
    """e**x as exp(x), where e stands alone."""
    while found := re.search(r"(?<![\w.])[eE] ?\*\* ?", text):
        place = found.end()
        minus = re.match(r"[-−+] ?", text[place:])
        inner = place + (minus.end() if minus else 0)
        call = re.match(r"[\w.]*", text[inner:])
        end = inner + call.end()
        if text[end:end + 1] == "(":
            end = group(text, end)
        if (end <= inner or text[end:].lstrip().startswith("**")
                or re.match(r"\d+[^\W\d]", text[inner:])):  # e^2x could be two things
            return text
        inside = text[place:end]
        if inside.startswith("(") and group(inside, 0) == len(inside):
            inside = inside[1:-1]
        text = f"{text[:found.start()]}exp({inside}){text[end:]}"
    return text


def _commas(text):
    """A decimal comma as a point, where no function can want a second number."""
    if re.search(r"\b(?:max|min)\b", text, re.IGNORECASE):
        return text
    return re.sub(r"(?<![\d.,])(\d+),(?!\d{3}(?!\d))(\d+)(?![\d.,])", r"\1.\2", text)


def _words(text):
    for word, sign in (("times", "*"), ("plus", "+"), ("minus", "-"), ("over", "/"),
                       ("divided by", "/"), ("to the power of", "**"), ("to the power", "**")):
        text = re.sub(rf"(?<=[\w)])\s+{word}\s+(?=[\w(])", f" {sign} ", text)
    return text


def _products(text, known):
    """2x, x(y+1), (x)(y) and x y as products; not where a fraction or a power could go on."""
    found, last = "", ""
    for match in PIECES.finditer(text):
        piece = match[1]
        if _begins(piece, last) and _ends(last, piece, known):
            if re.search(r"(?:/|\*\*)\s*-?[\w.]+$|/\s*\([^()]*\)$", found):
                return text
            piece = "*" + piece
        else:
            piece = match[0]
        found, last = found + piece, match[1]
    return re.sub(r"(?<![\w.])([^\W\d]\w*)(?![\w(])", lambda m: split(m[1], known) or m[1], found)


def _begins(piece, last):
    """Whether a factor can begin with this piece."""
    if piece[0].isdigit() or piece[0] == ".":
        return last == ")"
    return piece[0] in "(√" or piece[0].isalpha()


def _ends(last, piece, known):
    """Whether a factor ends with the last piece, and the next piece is surely another factor."""
    name = re.fullmatch(r"[^\W\d]\w*", piece)
    if name and piece not in FUNCTIONS and piece != "σ" and not _variable(piece, known):
        return False
    if last == ")" or re.fullmatch(r"[\d.]+(?:[eE][-+]?\d+)?", last):
        return last != "0"
    return last not in FUNCTIONS and last != "σ" and _variable(last, known)


def _variable(name, known):
    """Whether this is a variable: one with a value, or named as they are in books."""
    book = re.fullmatch(r"[^\W\d_eijIJ]\d*", name)
    return bool(name in known or split(name, known) or book)


def split(name, known):
    """xy as x*y and sinx as sin(x), where the parts are known names; else ""."""
    if not name or name in known:
        return ""
    if name[0] == "π" and name[1:].isidentifier():
        return f"π*{split(name[1:], known) or name[1:]}"
    if not known:
        return ""
    for function in (*FUNCTIONS, "ln"):
        if name.startswith(function) and name[len(function):] in known:
            return f"{'log' if function == 'ln' else function}({name[len(function):]})"
    pieces = "|".join(sorted(map(re.escape, known), key=len, reverse=True))
    if not re.fullmatch(f"(?:{pieces})+", name):
        return ""
    return "*".join(re.findall(pieces, name)) if "".join(re.findall(pieces, name)) == name else ""
