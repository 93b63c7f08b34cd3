"""Write docs/atlas and the cheat sheet anew, from the table of operations. It takes minutes."""

from argparse import ArgumentParser

from . import sheet
from .files import ATLAS, pictures, texts
from .lessons import ROOT
from .picture import encoded


def main():
    """Write every file; what no row stands for any more goes."""
    made = {path: text.encode() for path, text in texts().items()}
    made |= {path: encoded(*row) for path, row in pictures().items()}
    made["docs/cheatsheet.pdf"] = sheet.pdf()
    for path in (ROOT / ATLAS).rglob("*.*"):
        if path.relative_to(ROOT).as_posix() not in made:
            path.unlink()
    for path, data in made.items():
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_bytes(data)
    size = sum(map(len, made.values()))
    print(f"{len(made)} files, {size / 1e6:.1f} MB")


if __name__ == "__main__":
    ArgumentParser(prog="python -m helpers.atlas", description=__doc__).parse_args()
    main()
