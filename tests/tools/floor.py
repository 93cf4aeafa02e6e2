"""Execute every step and every cell of the pages in this one process: no build can be faster.

Nothing is drawn, shown or written. Started in the folder of a project; see ``benchmark.py``.
"""

import contextlib
import os
import re
from io import StringIO
from pathlib import Path

from matplotlib import pyplot as plt

from lesson_site.execution.notebooks import CELL

_FENCE, _OPTIONS, _MAGICS = r"\A.*\n|\n.*\Z", r"\A(---\n(?s:.*?)\n---\n|(:\w.*\n)+)", r"^%.*"


def _run(code: str, name: str, names: dict[str, object]) -> None:
    with contextlib.redirect_stdout(StringIO()), contextlib.redirect_stderr(StringIO()):
        exec(compile(code, name, "exec"), names)  # noqa: S102 - the project's own code


for step in sorted(Path("gallery").glob("*.py")):
    _run(step.read_text(encoding="utf-8"), str(step), {"__name__": "__main__"})
    plt.close("all")

for page in sorted(Path("docs").resolve().rglob("*.md")):
    names: dict[str, object] = {"__name__": "__main__"}
    os.chdir(page.parent)
    for match in CELL.finditer(page.read_text(encoding="utf-8")):
        cell = re.sub(_OPTIONS, "", re.sub(_FENCE, "", match[0]))
        may_fail = "raises-exception" in match[0]
        with contextlib.suppress(*([BaseException] if may_fail else [])):
            _run(re.sub(_MAGICS, "", cell, flags=re.MULTILINE), str(page), names)
    plt.close("all")
