"""The course in JupyterLite."""


def build(python, app, lock):
    """Nothing yet."""
