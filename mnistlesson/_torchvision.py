"""Make ``import torchvision`` work where torchvision was built for another torch.

A CPU build of torch beside the CUDA build of torchvision cannot load torchvision's compiled
operators. ``import torchvision`` then dies with "operator torchvision::nms does not exist", and
after that with ``qnms`` (https://github.com/pytorch/vision/issues/9085). The lesson uses none of
these operators, so it is enough to declare the two; calling one still raises an error.
"""

import importlib
import re
import sys

import torch

_SCHEMA = "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"


def _import() -> bool:
    try:
        importlib.import_module("torchvision")
    except RuntimeError as error:
        if not re.search(r"operator torchvision::q?nms does not exist", str(error)):
            raise
    else:
        return False
    for operator in ("nms", "qnms"):
        # A program that knows the complaint may have declared one of them itself.
        if not hasattr(torch.ops.torchvision, operator):
            torch.library.define(f"torchvision::{operator}", _SCHEMA)
    # What the failed import left behind would be taken for whole.
    for name in [name for name in sys.modules if name.partition(".")[0] == "torchvision"]:
        del sys.modules[name]
    importlib.import_module("torchvision")
    return True


DECLARED: bool = _import()
"""Whether the missing operators had to be declared here."""
