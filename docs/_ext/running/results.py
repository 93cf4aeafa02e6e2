"""What directives have to do with runs: they add some, and take the results."""

from pathlib import Path
from typing import Any

from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from running.runs import Records, Run

ROOT = Path(__file__).parents[3]
"""The folder of the project."""
added: dict[str, Run] = {}
"""The runs of directives, by name."""


def add(run: Run) -> None:
    """Have a run made for a directive."""
    added[run.name] = run


def records(doctrees: Path) -> Records:
    """Return the records that lie beside a build's doctrees."""
    return Records(Path(doctrees, "runs"), ROOT)


def result(env: BuildEnvironment, name: str) -> Any:  # noqa: ANN401 - each run's own
    """Return what a run has returned.

    Raises:
        ExtensionError: The run has failed.
    """
    record = records(env.doctreedir).find(name)
    if record is None:
        raise ExtensionError(f"{name} has failed: there is nothing to show")
    return record.result


class Showing(SphinxDirective):
    """The base of directives that show what a run has returned."""

    def result(self, name: str) -> Any:  # noqa: ANN401
        """Return what a run has returned. Where it has failed, the page says so and is built."""
        try:
            return result(self.env, name)
        except ExtensionError as error:
            raise self.error(str(error)) from error
