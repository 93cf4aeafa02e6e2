"""The four files of MNIST: what they must be, and how a folder comes to hold them whole."""

import gzip
import hashlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple


class File(NamedTuple):
    """A file of the data set: its name, and the checksums that tell it from any other."""

    name: str
    md5: str
    packed_md5: str
    packed_size: int
    """Bytes of the gzip file."""

    @property
    def packed(self) -> str:
        """The name of the gzip file."""
        return f"{self.name}.gz"


MNIST = (
    File(
        "train-images-idx3-ubyte",
        md5="6bbc9ace898e44ae57da46a324031adb",
        packed_md5="f68b3c2dcbeaaa9fbdd348bbdeb94873",
        packed_size=9_912_422,
    ),
    File(
        "train-labels-idx1-ubyte",
        md5="a25bea736e30d166cdddb491f175f624",
        packed_md5="d53e105ee54ea40749a09fcbcd1e9432",
        packed_size=28_881,
    ),
    File(
        "t10k-images-idx3-ubyte",
        md5="2646ac647ad5339dbf082846283269ea",
        packed_md5="9fb629c4189551a2d022fa330f9573f3",
        packed_size=1_648_877,
    ),
    File(
        "t10k-labels-idx1-ubyte",
        md5="27ae3e4e09519cfbb04c329615203637",
        packed_md5="ec29112dd5afa0611ce80d1b7f02629c",
        packed_size=4_542,
    ),
)
"""MNIST's own. The packed files' checksums are torchvision's."""


def matches(path: Path, md5: str) -> bool:
    """Tell whether a file is there and is, bit for bit, the one with this checksum."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        # Against accidents, not attackers: torchvision publishes no stronger checksum.
        digest = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False))
    return digest.hexdigest() == md5


def complete(
    folder: Path,
    fetch: Callable[[Sequence[File], Path], Iterator[Path]] | None = None,
    files: Sequence[File] = MNIST,
) -> None:
    """Make ``folder/MNIST/raw`` hold every file whole, or raise and leave the others as they were.

    A file gets its name only once it is whole and verified, in one step (:meth:`Path.replace`), so
    that neither an interruption nor a second process at the same work can leave a part of one.

    Args:
        folder: The root that :class:`torchvision.datasets.MNIST` will be given.
        fetch: Writes verified gzip files into a folder, and yields the path of each as it is there;
            raises :class:`OSError` where it cannot. Without it, only what already lies in the
            folder is used.
        files: What must be there.

    Raises:
        OSError: A file is missing or not MNIST's, and cannot be made whole.
    """
    if (folder / "MNIST" / "processed").exists():
        raise FileExistsError(
            f"{folder / 'MNIST' / 'processed'} holds a copy that an old torchvision made, and that "
            "torchvision would read in place of the verified files; remove that folder"
        )
    raw = folder / "MNIST" / "raw"
    missing = [file for file in files if not matches(raw / file.name, file.md5)]
    if not missing:
        return
    lacking = [file for file in missing if not matches(raw / file.packed, file.packed_md5)]
    if lacking and fetch is None:
        name = lacking[0].name
        raise FileNotFoundError(f"neither {name} nor {name}.gz in {raw} is MNIST's, whole")
    raw.mkdir(parents=True, exist_ok=True)
    # Inside `raw`, so that the last step is a rename within one file system.
    with TemporaryDirectory(dir=raw, prefix=".part-", ignore_cleanup_errors=True) as temporary:
        fetched = fetch(lacking, Path(temporary)) if fetch else iter(())
        for file in missing:
            packed = next(fetched) if file in lacking else raw / file.packed
            unpacked = Path(temporary, file.name)
            with gzip.open(packed) as source, unpacked.open("wb") as target:
                shutil.copyfileobj(source, target)
            unpacked.replace(raw / file.name)
