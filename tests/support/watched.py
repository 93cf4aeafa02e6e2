"""Build as ``python -m sphinx`` does, and print what the process has done to other libraries.

``python -m support.watched`` takes Sphinx's arguments. :func:`observed` reads what it prints.
"""

import importlib
import inspect
import json
import sys
import warnings
from collections.abc import Iterator

from sphinx.application import builtin_extensions
from sphinx.cmd.build import main

LIBRARIES = (
    *("docutils", "furo", "jinja2", "jupyter_cache", "markdown_it", "matplotlib", "myst_nb"),
    *("myst_parser", "nbformat", "pygments", "sphinx", "sphinx_gallery"),
)
HEAVY = {"matplotlib", "torch"}


def _functions() -> Iterator[tuple[str, object]]:
    """Give the functions and classes of the libraries, and the methods of these classes."""
    for name, module in [*sys.modules.items()]:
        if module is None or name.partition(".")[0] not in LIBRARIES:
            continue
        for key, value in vars(module).items():
            if callable(value):
                yield f"{name}.{key}", value
            if isinstance(value, type) and value.__module__ == name:
                for method, function in vars(value).items():
                    if inspect.isroutine(function) or isinstance(function, property):
                        yield f"{name}.{key}.{method}", function


def observed(printed: str) -> dict[str, list[str]]:
    """Return which of their names are other objects than before, and what heavy was imported."""
    line = next(line for line in printed.splitlines() if line.startswith('{"replaced"'))
    seen: dict[str, list[str]] = json.loads(line)
    return seen


if __name__ == "__main__":
    with warnings.catch_warnings():  # some libraries give one, and the environment may forbid it
        warnings.simplefilter("ignore")
        for extension in (
            *builtin_extensions,
            *("sphinx.ext.autodoc", "sphinx.ext.autosummary", "sphinx.ext.intersphinx"),
            *("sphinx.ext.napoleon", "sphinx.search.en", "furo", "myst_nb.core.render"),
            *("myst_nb.sphinx_ext", "sphinx_gallery.gen_gallery"),
        ):
            importlib.import_module(extension)
    before = dict(_functions())
    status = main(sys.argv[1:])
    after = dict(_functions())
    replaced = sorted(name for name, value in before.items() if after.get(name) is not value)
    print(json.dumps({"replaced": replaced, "imported": sorted(HEAVY & sys.modules.keys())}))  # noqa: T201
    sys.exit(status)
