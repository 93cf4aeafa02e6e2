"""The Sphinx extension: execute the tasks that are stale, and have their results shown.

Other extensions answer the event ``collect-tasks`` with a list of their tasks.
"""

import gc
import importlib
import time
from multiprocessing import active_children
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from lesson_site import digits
from lesson_site.execution import gallery, notebooks, pool
from lesson_site.execution.cache import Cache

logger = logging.getLogger(__name__)


class Execution:
    """What one build executes.

    A mark stands beside the doctrees until a build has ended well. After one that was interrupted,
    or had warnings, all pages are read again: some may be missing, and Sphinx repeats no warning.
    """

    def __init__(self, app: Sphinx) -> None:
        self._root = Path(app.srcdir).parent
        self.cache = Cache(app.doctreedir, self._root)
        self._mark = Path(app.doctreedir, "unfinished")
        self._unfinished = self._mark.exists()
        self._shown = set[str]()
        self._errors: dict[str, str] = {}

    def begin(self, app: Sphinx) -> None:
        """Execute what is stale."""
        self._mark.parent.mkdir(parents=True, exist_ok=True)
        self._mark.touch()
        tasks = [task for answer in app.emit("collect-tasks") for task in answer]
        stale = {task.name for task in tasks if not self.cache.is_fresh(task)}
        stale |= {task.name for task in tasks if not stale.isdisjoint(task.after)}
        if stale and not app.env.all_docs:  # all pages will be read, also the package's reference
            pool.start()  # which imports the same, while this process has nothing else to do
            importlib.import_module("mnistlesson.data")
        due = [task for task in tasks if task.name in stale]
        for task, outcome in pool.run(due, self._root, app.parallel):
            self._shown.add(task.page)
            self.cache.keep(task, notebooks.hand_over(app, task, outcome))
            if outcome.error:
                self._errors[task.page] = outcome.error
                logger.warning("%s", outcome.error)
                continue
            logger.info("executed %s in %.1f s", task.name, time.time() - outcome.began)
            for level, text in outcome.logged:
                logger.log(level, "%s: %s", task.name, text)

    def outdated(self, _app: Sphinx, env: BuildEnvironment, *_: set[str]) -> list[str]:
        """Name the pages to read again: those with a new result, and all after a bad end."""
        return [page for page in env.found_docs if self._unfinished or page in self._shown]

    def tell(self, app: Sphinx, page: nodes.document) -> None:
        """Let a page begin with the error of its task: some or all results are missing on it."""
        if error := self._errors.get(app.env.docname):
            text = nodes.literal_block(error, error, language="text")
            page.insert(0, nodes.error("", nodes.paragraph("", "A result is missing:"), text))

    def end(self, app: Sphinx, error: Exception | None) -> None:
        """Remove the mark, if all is well."""
        if not error and not app._warncount:  # noqa: SLF001 - what Sphinx has shown
            self._mark.unlink(missing_ok=True)
        # After an error, Sphinx waits for those that it has forked, and they for it.
        for child in active_children() if error else ():
            child.terminate()
        gc.freeze()  # else all is looked through at the end of the process
        gc.enable()


def setup(app: Sphinx) -> None:
    """Let the pool begin to import what takes long, if it will be needed, and connect the rest."""
    # Looking for garbage would take a quarter of the time of typesetting, and find next to nothing.
    gc.disable()
    execution = Execution(app)
    stale = execution.cache.any_stale()
    digits.settle(Path(app.doctreedir), stale=stale)
    if stale:
        pool.start()
    app.add_event("collect-tasks")
    app.connect("collect-tasks", gallery.tasks)
    app.connect("collect-tasks", notebooks.tasks)
    app.connect("builder-inited", execution.begin, priority=400)  # before sphinx-gallery looks
    app.connect("env-get-outdated", execution.outdated)
    app.connect("doctree-read", execution.tell)
    app.connect("build-finished", execution.end, priority=1000)
