"""The API: every public name has an example that does what it says, and a place on the site."""

import doctest
import importlib
import inspect
from collections.abc import Iterator

import pytest
from matplotlib import pyplot as plt
from sphinx.pycode import ModuleAnalyzer

from support.site import page

MODULES = ("check", "data", "models", "plots")


def docstrings(module: str) -> Iterator[tuple[str, str]]:
    """Yield each public name of a module, and each public method, with its docstring."""
    imported = importlib.import_module(f"mnistlesson.{module}")
    attributes = ModuleAnalyzer.for_module(imported.__name__).find_attr_docs()
    for name in imported.__all__:
        thing = getattr(imported, name)
        if not inspect.isclass(thing) and not inspect.isfunction(thing):
            yield f"{module}.{name}", "\n".join(attributes["", name])
            continue
        yield f"{module}.{name}", inspect.getdoc(thing) or ""
        for key, member in vars(thing).items() if inspect.isclass(thing) else ():
            if not key.startswith("_") and isinstance(member, property | type(docstrings)):
                yield f"{module}.{name}.{key}", inspect.getdoc(member) or ""


DOCSTRINGS = {name: text for module in MODULES for name, text in docstrings(module)}
every_name = pytest.mark.parametrize("name", DOCSTRINGS)


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    yield
    plt.close("all")


@pytest.mark.digits
@every_name
def test_example_does_what_it_says(name: str) -> None:
    example = doctest.DocTestParser().get_doctest(DOCSTRINGS[name], {}, name, None, None)
    assert example.examples, "there is no example"
    told: list[str] = []
    doctest.DocTestRunner(verbose=False).run(example, out=told.append)
    assert not told, "".join(told)


@every_name
def test_example_is_on_the_page(name: str) -> None:
    module = name.partition(".")[0]
    head = page(f"api/{module}.html").find(id=f"mnistlesson.{name}")
    assert head is not None
    body = head.find_next_sibling("dd")
    assert body is not None
    assert ">>> " in body.get_text()


def test_map_lists_every_name() -> None:
    rows = page("api/index.html").select("table.autosummary tr")
    listed = {str(row.select_one("a")["href"]): row.get_text(" ").split() for row in rows}  # type: ignore[index] # a row has a link
    expected = {
        f"{module}.html#mnistlesson.{module}.{name}"
        for module in MODULES
        for name in importlib.import_module(f"mnistlesson.{module}").__all__
    }
    assert set(listed) == expected
    assert all(len(words) > 3 for words in listed.values()), "each has a summary"
