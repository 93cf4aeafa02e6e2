"""The results of tasks, for directives and for what is placed in the finished site."""

from typing import Any

from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from lesson_site.execution.cache import Cache


def result(env: BuildEnvironment, name: str) -> Any:  # noqa: ANN401 - each task's own
    """Return the result of a task, or raise an ExtensionError where it has failed."""
    record = Cache(env.doctreedir, env.srcdir.parent).find(name)
    if record is None:
        raise ExtensionError(f"{name} has failed: there is nothing to show")
    return record.result


class ResultDirective(SphinxDirective):
    """The base of directives that show the result of a task."""

    def result(self, name: str) -> Any:  # noqa: ANN401
        """Return the result of a task. Where it has failed, the page says so and is built."""
        try:
            return result(self.env, name)
        except ExtensionError as error:
            raise self.error(str(error)) from error
