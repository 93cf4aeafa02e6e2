"""Say what is installed, for the report of a problem: ``python -m mnistlesson``."""

import argparse
import platform
import sys
from importlib import metadata


def _say(name: str, value: object) -> None:
    # At once: what is known must stand above an error or a long download.
    print(f"{name:<12} {value}", flush=True)


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"


def _report() -> int:
    _say("mnistlesson", _version("mnistlesson"))
    _say("python", f"{platform.python_version()} on {platform.platform()}")
    for package in ("torch", "torchvision", "numpy", "matplotlib"):
        _say(package, _version(package))

    # Only now: if torch or torchvision cannot be imported, the versions are already there.
    import torch  # noqa: PLC0415
    from mnistlesson import _torchvision, data  # noqa: PLC0415

    here = "declared here, torchvision was built for another torch"
    _say("operators", here if _torchvision.DECLARED else "torchvision's own")
    if torch.cuda.is_available():
        device = f"cuda, {torch.cuda.get_device_name()}"
    elif torch.backends.mps.is_available():
        device = "mps"
    else:
        device = f"cpu, {torch.get_num_threads()} threads"
    _say("device", device)
    try:
        _say("digits", data.in_use())
        _say("folder", data.root())
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    argparse.ArgumentParser(
        prog="python -m mnistlesson",
        description="Say what is installed, for the report of a problem.",
    ).parse_args()
    sys.exit(_report())
