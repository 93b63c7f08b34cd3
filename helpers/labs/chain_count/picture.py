"""The picture of the chain count lab: the sizes of the layers, and a bar for each way."""

from ...pictures.live import panels, ticks_at_powers
from .study import PLACES

MOST = 4e11  # more than the largest layers take


def build(still, width, palette):
    """Two panels side by side, or one above the other where there is little room."""
    wide = width >= 5.6
    figure, grid = panels(*((1, 2) if wide else (2, 1)), width, 3.0, palette)
    layers, bars = grid.flat
    layers.set(xlim=(-0.5, 3.5), ylim=(0.7, 8000), yscale="log", xticks=range(4),
               yticks=(1, 10, 100, 1000))
    layers.set_xticklabels(PLACES, fontsize=10 if width >= 6.4 else 8.5, color=palette.text)
    layers.set_yticklabels(("1", "10", "100", "1,000"))
    layers.minorticks_off()
    layers.set_title("Numbers in each layer", color=palette.text, fontsize=12)
    bars.set(xlim=(0.7, MOST), xscale="log", ylim=(-0.7, 1.6), yticks=(1, 0))
    ticks_at_powers(bars.xaxis, range(0, 10, 3), fontsize=10)
    bars.set_yticklabels(("backward", "forward"), fontsize=11, color=palette.text)
    bars.set_title("Multiplications (log scale)", color=palette.text, fontsize=12)
    movers = {"layers": layers.plot([], [], "o-", color=palette.series[2], linewidth=2,
                                    markersize=9)[0]}
    for place, way in ((1, "backward"), (0, "forward")):
        movers[way] = bars.plot([], [], color=palette.series[1 - place], linewidth=20,
                                solid_capstyle="butt")[0]
        movers[f"{way} text"] = bars.text(1, place + 0.3, "", color=palette.text, fontsize=11,
                                          va="bottom")
    return figure, movers


def update(movers, view):
    """The sizes, and both bars with their counts."""
    movers["layers"].set_data(range(4), view["sizes"])
    for way, place in (("backward", 1), ("forward", 0)):
        movers[way].set_data([0.7, view["counts"][way]], [place, place])
        movers[f"{way} text"].set_text(f"{view['counts'][way]:,}")
