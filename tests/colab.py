"""Whether the tests run with Colab's versions: `make test-colab`."""

from importlib.metadata import version

import pytest

COLAB = version("ipywidgets").startswith("7.")
# What makes a program take itself for one in Colab, where ipywidgets 7 is enough.
PRETENDED = "import sys\nsys.modules['google.colab'] = sys\n" if COLAB else ""
not_in_colab = pytest.mark.skipif(COLAB, reason="of ipywidgets 8, as JupyterLab has it")
