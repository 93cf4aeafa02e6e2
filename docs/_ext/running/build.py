"""The Sphinx extension: make the runs that are due, and hand over what came of them."""

from multiprocessing import active_children

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.typing import ExtensionMetadata

from running import gallery, pages, results, workers
from running.runs import Outcome, Records, Run

logger = logging.getLogger(__name__)
GALLERY = "sphinx_gallery.gen_gallery"
_made: dict[str, Outcome] = {}


def _execute(app: Sphinx) -> None:
    _made.clear()
    steps = list(gallery.runs(app)) if GALLERY in app.extensions else []
    runs = [*steps, *pages.runs(app), *results.added.values()]
    records = results.records(app.doctreedir)
    stale = {run.name for run in runs if not records.holds(run)}
    stale |= {run.name for run in runs if run.after in stale}

    def ready(run: Run) -> bool:
        return run.after not in stale or run.after in _made

    todo = [run for run in runs if run.name in stale]
    for run, outcome in workers.work(todo, results.ROOT, app.parallel, ready) if todo else ():
        _made[run.name] = outcome
        error = outcome.error or (gallery.failure(run, outcome.result) if run in steps else "")
        if error:
            records.drop(run.name)
            logger.warning("%s\n%s", error, outcome.details)
        else:
            records.keep(run, outcome)
            logger.info("executed %s in %.1f s", run.name, outcome.seconds)
            for level, said in outcome.logged:
                logger.log(level, "%s: %s", run.name, said)
    pages.show(app, records)
    gallery.show({run.name: _generated(run, records) for run in steps})


def _generated(run: Run, records: Records) -> gallery.Generated:
    """Return what sphinx-gallery is told of a step: executed now, earlier, or in vain."""
    record = records.find(run.name)
    if run.name not in _made and record:
        return gallery.earlier(run, record.result)
    outcome = _made[run.name]
    return outcome.result or gallery.crashed(run, outcome.error)


def _read_again(_app: Sphinx, env: BuildEnvironment, *_: set[str]) -> list[str]:
    """Name the pages that show what was made anew, even where their source is the same."""
    pages_made = {run.page for run in results.added.values() if run.name in _made} | _made.keys()
    return [page for page in env.found_docs if page in pages_made]


def _end(_app: Sphinx, error: Exception | None) -> None:
    # After an error, Sphinx waits for those that it has forked, and they for it.
    for child in active_children() if error else ():
        child.terminate()


def setup(app: Sphinx) -> ExtensionMetadata:
    """Execute before sphinx-gallery looks."""
    app.setup_extension("running.unfinished")
    results.added.clear()
    gallery.draw_nothing()
    app.connect("builder-inited", _execute)
    app.connect("build-finished", _end)
    app.connect("env-get-outdated", _read_again)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
