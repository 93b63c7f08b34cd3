"""No test meets the settings, kernels or progress of the person who runs it, nor needs a home."""

import os
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
HOMES = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
ALIEN = ("JUPYTER_PATH", "JUPYTER_CONFIG_PATH", "MPLBACKEND", "MATPLOTLIBRC", "PYTHONSTARTUP")


def enter(folder: Path) -> None:
    """Let this process, and all that it starts, keep what it remembers in `folder`."""
    for name in ALIEN:
        os.environ.pop(name, None)
    for name in HOMES:
        os.environ[name] = str(folder / name.lower())
    os.environ["TENSOR_MONSTERS_PROGRESS"] = "off"
    config = folder / "ipythondir" / "profile_default" / "ipython_kernel_config.py"
    config.parent.mkdir(parents=True)
    # Kernels that run side by side would lock each other's history.
    config.write_text("get_config().HistoryManager.enabled = False\n", "utf-8")
    find_fonts(ROOT / ".pytest_cache" / "matplotlib")


def without_bars() -> None:
    """No kernel shows a bar, which a slow one would, as one output more; this process may."""
    os.environ.pop("TQDM_DISABLE", None)
    import tqdm  # noqa: F401  it reads the setting once
    os.environ["TQDM_DISABLE"] = "1"


def find_fonts(folder: Path) -> None:
    """Let Matplotlib find the fonts now and once for all runs: later it may say that it does."""
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["MPLCONFIGDIR"] = str(folder)
    if not any(folder.glob("fontlist-*.json")):
        import matplotlib.font_manager  # noqa: F401


def new_folder() -> tempfile.TemporaryDirectory:
    return tempfile.TemporaryDirectory(prefix="tensor-monsters-", ignore_cleanup_errors=True)
