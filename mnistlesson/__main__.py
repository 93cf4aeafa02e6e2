"""Say what is installed, or check the exercises: ``python -m mnistlesson``."""

import argparse
import platform
import sys
from importlib import metadata
from pathlib import Path


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
    from mnistlesson import _digits, _torchvision, data  # noqa: PLC0415

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
        if obstacle := _digits.obstacle():
            _say("no MNIST", obstacle)
            print(f"To use these digits unasked, set MNISTLESSON_DATA={data.EMBEDDED}")
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m mnistlesson",
        description="Say what is installed, for the report of a problem; or check the exercises.",
    )
    commands = parser.add_subparsers(dest="command")
    check = commands.add_parser("check", help="check the exercises of a file")
    check.add_argument("file", type=Path, help="the file with your answers: exercises.py")
    check.add_argument("--hint", metavar="NAME", help="print the next hint for an exercise")
    check.add_argument("--watch", action="store_true", help="check again whenever it is saved")
    arguments = parser.parse_args()
    if arguments.command is None:
        return _report()

    # Only now: the report must not depend on torch.
    from mnistlesson.check import _command  # noqa: PLC0415

    return _command.main(arguments.file, arguments.hint, watch=arguments.watch)


if __name__ == "__main__":
    sys.exit(_main())
