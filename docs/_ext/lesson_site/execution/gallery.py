"""The steps as tasks: each calls sphinx-gallery, which leaves its own files.

sphinx-gallery then finds the pages up to date, and executes nothing (``plot_gallery = False``).
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx_gallery.gen_rst import generate_file_rst

from lesson_site.execution.task import Task, TaskError
from lesson_site.figures import thumbnail


def scripts(config: Config) -> list[Path]:
    """Return the steps, in their order."""
    return sorted(Path(config.sphinx_gallery_conf["examples_dirs"]).glob("[!.]*.py"))


def tasks(app: Sphinx) -> list[Task]:
    """Return a task for each step: the last step first, since it trains and takes longest."""
    conf = app.config.sphinx_gallery_conf
    pages = Path(conf["gallery_dirs"])
    plain = {key: value for key, value in conf.items() if isinstance(value, str | int | tuple)}
    key, function = repr(sorted(plain.items())), f"{__name__}:generate"
    found = []
    for script in reversed(scripts(app.config)):
        page = f"{pages.name}/{script.stem}"
        arguments = (script.name, str(pages), str(script.parent), conf)
        found.append(Task(page, page, function, arguments, key))
    return found


def generate(name: str, pages: str, steps: str, conf: Mapping[str, Any]) -> None:
    """Execute the step of a file name, and write its page into the folder of pages.

    Raises:
        TaskError: The step fails. Says in which line.
    """
    Path(pages, "images", "thumb").mkdir(parents=True, exist_ok=True)
    # What an earlier build left would be taken for up to date.
    Path(pages, f"{name}.md5").unlink(missing_ok=True)
    thumbnail(pages, Path(name).stem).unlink(missing_ok=True)
    *_, details = generate_file_rst(name, pages, steps, {**conf, "plot_gallery": True})
    if traceback := details.get("formatted_exception", "").strip():
        lines = re.findall(rf'File ".*{re.escape(name)}", line (\d+)', traceback)
        where = f", line {lines[-1]}" if lines else ""
        raise TaskError(f"gallery/{name}{where}: {traceback.splitlines()[-1]}\n{traceback}")
