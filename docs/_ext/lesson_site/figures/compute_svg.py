"""Fit Matplotlib's SVG into a page: the page's letters and colours, and nothing superfluous."""

import base64
import io
import re
from xml.etree import ElementTree as ET

from mnistlesson.plots import _style
from PIL import Image

TOKENS = {
    _style.INK: "ink",
    _style.SOFT: "soft",
    _style.EDGE: "edge",
    _style.LINE: "line",
    _style.PAPER: "paper",
    _style.ZERO: "zero",
    _style.BLUE: "positive",
    _style.VERMILLION: "negative",
    _style.GREEN: "third",
    _style.PURPLE: "fourth",
    _style.ON_DARK: "on-dark",
    _style.ON_BRIGHT: "on-bright",
    # Of a figure that a page draws itself: what is black, and Matplotlib's own first colour.
    "#000000": "ink",
    "#1F77B4": "positive",
}
DROPPED = {"stroke-linejoin", "stroke-linecap", "image-rendering"}  # figure.css says it for all
KEPT = {"d", "x", "y", "width", "height", "transform", "style", "clip-path", "href", "viewBox"}
PNG = "data:image/png;base64,"


PIXELS = 1.5  # of the page for each unit, a point


def compact(text: str, attributes: dict[str, str]) -> str:
    """Return an SVG for a page, with its size and with attributes of its own."""
    root = ET.fromstring(text)  # noqa: S314 - Matplotlib's
    used = set(re.findall(r"#(\w+)[)\"]", text))
    _clean(root, used)
    view = root.attrib["viewBox"]
    width, height = (f"{PIXELS * float(side):.0f}" for side in view.split()[2:])
    root.attrib = {"viewBox": view, "width": width, "height": height} | attributes
    return ET.tostring(root, encoding="unicode")


def _clean(element: ET.Element, used: set[str]) -> None:
    """Clean an element and all in it. Names stay where something refers to them."""
    element.tag = element.tag.rpartition("}")[2]
    element.tail = None
    named = {name.rpartition("}")[2]: value for name, value in element.attrib.items()}
    element.attrib = {
        name: cleaned
        for name, value in named.items()
        if (name in KEPT or (name == "id" and value in used)) and (cleaned := _value(name, value))
    }
    if element.tag not in {"text", "tspan"}:
        element.text = None
    parts: list[ET.Element] = []
    for part in element:
        _clean(part, used)
        if part.tag == "g" and not part.attrib:
            parts += part  # it says nothing of what is in it
        elif parts and _continues(part, parts[-1]):
            parts[-1].attrib["d"] += part.attrib["d"]
        elif not _invisible(part):
            parts.append(part)
    element[:] = parts


def _continues(part: ET.Element, other: ET.Element) -> bool:
    """Tell whether two neighbours look the same as one path: lines, or areas without an edge.

    Of others, the one behind would show through: of transparent ones, or the edge of an area.
    """
    one, two = ({**p.attrib, "d": ""} for p in (part, other))
    style = one.get("style", "")
    plain = "opacity" not in style and ("fill:none" in style or "stroke:" not in style)
    return part.tag == other.tag == "path" and one == two and plain


def _invisible(part: ET.Element) -> bool:
    if part.tag in {"g", "defs"}:
        return len(part) == 0
    return part.tag == "style" or part.attrib.get("style") == "fill:none"


def _value(name: str, value: str) -> str:
    if name == "style":
        return _style_of(value)
    if name == "href":
        return _picture(value) if value.startswith(PNG) else value
    if name in {"id", "clip-path"}:
        return value
    if value.startswith("rotate(-0 "):
        return ""
    # A wide image makes much of a small error in its scale; else a tenth of a point is enough.
    digits = 5 if name == "transform" else 1
    value = re.sub(r"-?\d+\.\d+", lambda found: f"{round(float(found[0]), digits) + 0:g}", value)
    return re.sub(r"\s*([MLCQz])\s*", r"\1", value).strip()


def _style_of(text: str) -> str:
    """Return a style that names tokens instead of colours and fonts."""
    pairs = (pair.partition(":")[::2] for pair in text.split(";"))
    style = {name.strip(): value.strip() for name, value in pairs if value}
    if "mono" in style.pop("font-family", "").partition(",")[0].lower():
        style["font-family"] = "var(--font-stack--monospace)"
    if "font-size" in style:
        style["font-size"] = f"calc({style['font-size']}*var(--figure-text))"
    tokens = {colour.lower(): f"var(--{token})" for colour, token in TOKENS.items()}
    return ";".join(
        f"{name}:{tokens.get(value, value)}" for name, value in style.items() if name not in DROPPED
    )


def _picture(address: str) -> str:
    """Return a picture in as few bytes as hold all of its pixels: most are grey."""
    with Image.open(io.BytesIO(base64.b64decode(address.removeprefix(PNG)))) as picture:
        red, green, blue, alpha = picture.convert("RGBA").split()
    grey = red.tobytes() == green.tobytes() == blue.tobytes() and alpha.getextrema() == (255, 255)
    content = io.BytesIO()
    (red if grey else picture).save(content, "png", optimize=True)
    return PNG + base64.b64encode(content.getvalue()).decode()
