"""The pages that are notebooks: the cells of each as a task, its outputs in jupyter-cache.

MyST-NB takes them from there: ``nb_execution_mode = "cache"``.
"""

import re
from pathlib import Path

from jupyter_cache import get_cache
from myst_nb.core.config import NbParserConfig
from myst_nb.core.read import create_nb_reader, is_myst_markdown_notebook
from myst_parser.config.main import MdParserConfig
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.util.matching import get_matching_files

from lesson_site.execution.task import Outcome, Task

CELL = re.compile(
    r"^ {0,3}(?P<fence>[`~:]{3,})\{code-cell\}.*?^ {0,3}(?P=fence)", re.MULTILINE | re.DOTALL
)
"""A cell in the text of a page, with its options."""
EXECUTE = "lesson_site.execution.compute_cells:execute"


def tasks(app: Sphinx) -> list[Task]:
    """Return a task for each page with cells. Text between the cells changes no output."""
    found = []
    for name in sorted(get_matching_files(app.srcdir, ["**.md"], app.config.exclude_patterns)):
        path = Path(app.srcdir, name)
        text = path.read_text(encoding="utf-8")
        if is_myst_markdown_notebook(text):
            page = name.removesuffix(".md")
            cells = "\n".join(match[0] for match in CELL.finditer(text))
            arguments = (str(path), text, f"{Path(app.srcdir).name}/{name}")
            found.append(Task(page, page, EXECUTE, arguments, cells))
    return found


def read(path: str, text: str) -> NotebookNode:
    """Return the notebook that a page's text is, as MyST-NB reads it."""
    reader = create_nb_reader(path, MdParserConfig(), NbParserConfig(), text)
    notebook: NotebookNode = reader.read(text)
    # What a kernel would say of its language.
    notebook.metadata["language_info"] = {"name": "python", "pygments_lexer": "ipython3"}
    return notebook


def hand_over(app: Sphinx, task: Task, outcome: Outcome) -> Outcome:
    """Put an executed notebook into jupyter-cache; return the rest of the outcome.

    A notebook that failed goes there as far as it came, or MyST-NB would execute it again.
    """
    if task.function != EXECUTE:
        return outcome
    from jupyter_cache.base import CacheBundleIn  # noqa: PLC0415 - slow, and no task needs it

    path, text, _ = task.arguments
    bundle = CacheBundleIn(outcome.result or read(path, text), path)
    cache = get_cache(app.config.nb_execution_cache_path)
    cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
    return outcome._replace(result=None)
