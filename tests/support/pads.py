"""Real digits, and how they are drawn on the digit pad."""

import base64
import io
import json
import re

import numpy as np
import numpy.typing as npt
from mnistlesson import data
from PIL import Image
from playwright.sync_api import Page
from torch import Tensor
from torchvision import datasets

from support.site import ROOT
from support.strokes import strokes

GALLERY = str(ROOT / "docs" / "lesson")
TESTSET = datasets.MNIST(data.root(), train=False)
IMAGES, LABELS = TESTSET.data[:200], TESTSET.targets[:200]


def inputs_of(images: Tensor) -> Tensor:
    """Normalise bytes (N, 28, 28) as step 12 does, to (N, 784)."""
    return ((images / 255 - 0.5) / 0.5).flatten(1)


def draw(page: Page, image: Tensor) -> None:
    """Draw the strokes of a digit with the mouse."""
    paper = page.locator("#pad-ink")
    paper.scroll_into_view_if_needed()
    box = paper.bounding_box()
    assert box is not None
    for stroke in strokes(image.numpy()):
        points = [
            (
                box["x"] + box["width"] * (column + 0.5) / 28,
                box["y"] + box["height"] * (row + 0.5) / 28,
            )
            for row, column in stroke
        ]
        page.mouse.move(*points[0])
        page.mouse.down()
        for point in points[1:]:
            page.mouse.move(*point)
        page.mouse.up()


def ink(page: Page) -> npt.NDArray[np.int64]:
    """Return the paper's ink (280, 280), from the picture that the reader sees."""
    page.evaluate("document.activeElement.blur()")
    # As a picture: of a list, each of 313,600 numbers would be sent with its type.
    address = page.evaluate("document.getElementById('pad-ink').toDataURL()")
    page.focus("#pad-ink")
    with Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2]))) as picture:
        return np.asarray(picture.convert("RGB")).astype(np.int64)[:, :, 0]


def as_json(numbers: object) -> str:
    """Return numbers as text: as they are, each would be sent to the browser with its type."""
    return json.dumps(numbers)


def reading(digit: object) -> re.Pattern[str]:
    """Return what the live region says of a digit."""
    return re.compile(rf"^{digit}, [<>]?[\d.]+%$")
