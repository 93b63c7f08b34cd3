"""Answers as students write them, from source text."""

import linecache

import numpy as np


def answer(exercise, body):
    """The value that `body` assigns, or the function whose body it is."""
    if exercise.level == "predict":
        return eval(body)
    head = exercise.stub.split("\n")[0] + "\n    "
    return define(exercise.name, head + body.replace("\n", "\n    "))


def define(name, source):
    """What `source` binds to `name`; tracebacks find its lines, as those of a notebook cell."""
    file = f"<cell {name}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    space = {"np": np}
    exec(compile(source, file, "exec"), space)
    return space[name]
