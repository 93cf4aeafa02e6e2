"""The steps: each a run, and sphinx-gallery shown what came of it."""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx_gallery import gen_gallery, gen_rst

from running.runs import Run

Generated = tuple[str, str, tuple[float, float], dict[str, Any]]
"""Introduction, title, costs, and what else sphinx-gallery wants to know of a step."""

# Before :func:`show` replaces it.
_generate: Callable[..., Generated] = gen_rst.generate_file_rst


def scripts(app: Sphinx) -> list[Path]:
    """Return the steps, in their order."""
    return sorted(Path(app.config.sphinx_gallery_conf["examples_dirs"]).glob("*.py"))


def runs(app: Sphinx) -> Iterator[Run]:
    """Give the steps: the last one first, since it trains a network and takes longest."""
    remove_what_is_gone(app)
    conf = app.config.sphinx_gallery_conf
    pages = Path(conf["gallery_dirs"])
    plain = {key: value for key, value in conf.items() if isinstance(value, str | int | tuple)}
    for script in reversed(scripts(app)):
        arguments = (script.name, str(pages), str(script.parent), conf)
        name = f"{pages.name}/{script.stem}"
        yield Run(name, name, "running.gallery:generate", arguments, repr(sorted(plain.items())))


def generate(name: str, pages: str, steps: str, conf: Mapping[str, Any]) -> Generated:
    """Execute a step and write its page. This is what a run calls."""
    import matplotlib as mpl  # noqa: PLC0415 - a build that executes nothing does not need it

    mpl.use("agg")
    Path(pages, "images", "thumb").mkdir(parents=True, exist_ok=True)
    # What an earlier build left would be taken for up to date.
    Path(pages, f"{name}.md5").unlink(missing_ok=True)
    return _generate(name, pages, steps, conf)


def failure(run: Run, generated: Generated) -> str:
    """Say which line of a step failed, and how; nothing if none did."""
    step = str(run.arguments[0])
    traceback = generated[3].get("formatted_exception", "").strip()
    lines = re.findall(rf'File ".*{re.escape(step)}", line (\d+)', traceback)
    where = f", line {lines[-1]}" if lines else ""
    return traceback and f"gallery/{step}{where}: {traceback.splitlines()[-1]}\n{traceback}"


def earlier(run: Run, generated: Generated) -> Generated:
    """Return what sphinx-gallery is told of a step that an earlier build has executed."""
    introduction, title, costs, more = generated
    page = str(Path(str(run.arguments[1]), str(run.arguments[0])))
    told = {key: value for key, value in more.items() if key != "passing"}
    return introduction, title, costs, told | {"stale": page}


def crashed(run: Run, error: str) -> Generated:
    """Return what sphinx-gallery is told of a step whose process has not come to its end.

    It gets a page that shows no results, so that the others can be built.
    """
    name, pages, steps, conf = run.arguments
    page = _generate(name, pages, steps, {**conf, "plot_gallery": False})
    return (*page[:3], page[3] | {"formatted_exception": error})


def draw_nothing() -> None:
    """Keep sphinx-gallery from importing Matplotlib in this process, which draws no figure."""
    gen_gallery._import_matplotlib = lambda: None  # noqa: SLF001


def remove_what_is_gone(app: Sphinx) -> None:
    """Remove the pages of steps that are no more."""
    steps = {script.stem for script in scripts(app)}
    for page in Path(app.config.sphinx_gallery_conf["gallery_dirs"]).glob("[0-9]*.rst"):
        if page.stem not in steps:
            for left in page.parent.glob(f"{page.stem}.*"):
                left.unlink()


def show(generated: Mapping[str, Generated]) -> None:
    """Let sphinx-gallery take each step from what its run returned, and execute nothing itself."""

    def taken(name: str, *_: object) -> Generated:
        return generated[f"lesson/{Path(name).stem}"]

    gen_rst.generate_file_rst = taken
