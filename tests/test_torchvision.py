"""The repair of ``import torchvision``: done where that very error occurs, and nowhere else.

Each test is a process of its own, for an operator stays declared as long as the process lives. The
torchvision is a stand-in that does at import what the real one does: torch itself raises the error.
"""

from pathlib import Path

import pytest

from support.programs import Python

pytestmark = pytest.mark.slow  # each starts a process that imports PyTorch

# What torchvision/_meta_registrations.py does.
OPERATORS = """
import torch
torch.library.register_fake("torchvision::nms")(lambda dets, scores, threshold: dets)
torch.library.register_fake("torchvision::qnms")(lambda dets, scores, threshold: dets)
"""

REPORT = """
import torch
from mnistlesson._torchvision import DECLARED
import torchvision

print(DECLARED, *(hasattr(torch.ops.torchvision, name) for name in ("nms", "qnms")))
"""


@pytest.fixture
def stand_in(tmp_path: Path) -> Path:
    """Return the folder of a torchvision that imports, as the real one, modules of its own."""
    package = tmp_path / "torchvision"
    package.mkdir()
    (package / "__init__.py").write_text(
        "import torchvision.extension\nfrom . import _meta_registrations\n"
    )
    (package / "extension.py").write_text("")
    (package / "_meta_registrations.py").write_text("")
    return tmp_path


@pytest.mark.parametrize(
    "before",
    [
        "",
        "import torch\ntorch.library.define('torchvision::nms', '(Tensor a) -> Tensor')\n",
        "try:\n    import torchvision\nexcept RuntimeError:\n    pass\n",
    ],
    ids=["plain", "one of the two declared by the program", "torchvision already tried"],
)
def test_missing_operators_are_declared(stand_in: Path, python: Python, before: str) -> None:
    (stand_in / "torchvision" / "_meta_registrations.py").write_text(OPERATORS)
    # What the import that failed has left does not count as imported: the package has both modules.
    whole = "torchvision.extension, torchvision._meta_registrations"
    done = python.run("-c", f"{before}{REPORT}{whole}", path=[stand_in])
    assert (done.stdout.split(), done.stderr) == (["True", "True", "True"], "")


def test_nothing_is_done_where_nothing_is_missing(stand_in: Path, python: Python) -> None:
    done = python.run("-c", REPORT, path=[stand_in])
    assert (done.stdout.split(), done.stderr) == (["False", "False", "False"], "")


@pytest.mark.parametrize(
    "error",
    ["RuntimeError: operator torchvision::roi_align does not exist", "ImportError: no PIL"],
)
def test_another_error_passes_unchanged(stand_in: Path, python: Python, error: str) -> None:
    kind, _, message = error.partition(": ")
    (stand_in / "torchvision" / "_meta_registrations.py").write_text(
        f"print('tried')\nraise {kind}({message!r})"
    )
    done = python.run("-c", REPORT, path=[stand_in])
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == error
    assert done.stdout.split() == ["tried"], "once, and not again with operators declared"


def test_the_installed_one(python: Python) -> None:
    """Needed exactly where a plain import dies; and afterwards torchvision is whole."""
    plain = python.start("-c", "import torchvision")
    repaired = python.run(
        "-c",
        "import mnistlesson.data; from torchvision import datasets, transforms;"
        "print(mnistlesson._torchvision.DECLARED, datasets.MNIST, transforms.ToTensor())",
    )
    assert repaired.stderr == ""
    needed = "nms does not exist" in plain.communicate()[1]
    assert needed == (plain.returncode != 0)
    assert repaired.stdout.split()[0] == str(needed)
