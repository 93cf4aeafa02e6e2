"""The figures of the pages: small, sharp, the same bytes each time, and clear on light and dark."""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.spines import Spine
from matplotlib.text import Text
from mnistlesson import plots
from PIL import Image

from lesson_site.steps import compute_dark_mode, compute_figures
from test_plots import ARGUMENTS, draw

every_function = pytest.mark.parametrize("name", ARGUMENTS)


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    plt.close("all")
    yield
    plt.close("all")


def contrast(one: object, other: object) -> float:
    """Return the contrast of two colours, from 1 to 21, as the WCAG define it."""
    linear = []
    for colour in (one, other):
        rgb = np.asarray(to_rgb(colour), dtype=np.float64)  # type: ignore[arg-type]
        parts = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
        linear.append(float(parts @ [0.2126, 0.7152, 0.0722]) + 0.05)
    return max(linear) / min(linear)


def texts(figure: Figure) -> list[Text]:
    """Return all that is written in a figure."""
    return [text for text in figure.findobj(Text) if text.get_text() and text.get_visible()]


@every_function
def test_an_image_is_twice_as_sharp_as_the_page(name: str, tmp_path: Path) -> None:
    figure = draw(name)
    width, height = (int(inches * 100) for inches in figure.get_size_inches())
    light, dark = compute_figures.save(figure, tmp_path / "figure")
    for saved in (light, dark):
        assert saved.width == width == 700
        assert abs(saved.height - height) <= 1
        if saved.path.suffix == ".webp":
            with Image.open(saved.path) as image:
                assert abs(image.width - 2 * saved.width) <= 1
                assert abs(image.height - 2 * saved.height) <= 1
    assert (light.scheme, dark.scheme) == ("light", "dark")


@every_function
def test_an_image_is_lossless_and_says_nothing_of_its_making(name: str, tmp_path: Path) -> None:
    for saved in compute_figures.save(draw(name), tmp_path / "figure", stands_for_step=True):
        content = saved.path.read_bytes()
        if saved.path.suffix == ".svg":
            assert b"<metadata" not in content
            assert b"<text" not in content, "letters are outlines"
            assert not re.search(rb"20\d\d-\d\d-\d\d", content)
        else:
            assert content[12:16] == b"VP8L", "lossless, and without a part for anything else"
    for small in (tmp_path / "thumb").iterdir():
        with Image.open(small) as image:
            assert image.format == "WEBP"
            assert image.width == 440 or image.height == 308


@every_function
def test_the_same_figure_gives_the_same_bytes(name: str, tmp_path: Path) -> None:
    made = []
    for folder in (tmp_path / "first", tmp_path / "second"):
        folder.mkdir()
        compute_figures.save(draw(name), folder / "figure", stands_for_step=True)
        made.append({p.relative_to(folder): p.read_bytes() for p in folder.rglob("*.*")})
    assert made[0] == made[1]
    assert len(made[0]) == 4


@every_function
def test_what_is_written_is_clear_on_a_dark_page(name: str) -> None:
    figure = draw(name)
    figure.draw_without_rendering()
    inside = [t for axes in figure.axes if axes.images for t in axes.texts if on(axes, t)]
    before = [text.get_color() for text in inside]
    compute_dark_mode.recolour(figure)
    assert [text.get_color() for text in inside] == before, "on an image nothing has changed"
    for text in texts(figure):
        if text not in inside:
            assert contrast(text.get_color(), compute_dark_mode.PAGE) >= 7, text
    for spine in figure.findobj(Spine):
        if spine.get_visible() and name != "digit_values":  # whose window has a colour
            assert contrast(spine.get_edgecolor(), compute_dark_mode.PAGE) >= 7
    for line in figure.findobj(Line2D):
        if line.get_xdata(orig=False).size > 2 and line.get_visible():  # type: ignore[union-attr]
            assert contrast(line.get_color(), compute_dark_mode.PAGE) >= 3


def on(axes: Axes, text: Text) -> bool:
    """Return whether the middle of a text lies in the axes."""
    box = Text.get_window_extent(text)
    return bool(axes.bbox.contains((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2))


def test_a_dark_figure_lets_the_page_through_and_keeps_its_digits(tmp_path: Path) -> None:
    ink = torch.ones(1, 784)
    pixels = []
    for saved in compute_figures.save(plots.digit_grid(ink), tmp_path / "figure"):
        with Image.open(saved.path) as image:
            rgba = np.asarray(image.convert("RGBA"))
        pixels.append([rgba[0, 0].tolist(), rgba[len(rgba) // 2, 700].tolist()])
    (light_corner, light_ink), (dark_corner, dark_ink) = pixels
    assert light_corner == [255] * 4
    assert dark_corner[3] == 0
    assert light_ink == dark_ink == [255] * 4


def test_the_layout_is_the_same_on_both(tmp_path: Path) -> None:
    figure = draw("digit_values")
    places = []
    for saved in compute_figures.save(figure, tmp_path / "figure"):
        with Image.open(saved.path) as image:
            page = Image.new("RGBA", image.size, compute_dark_mode.PAGE)
            page.alpha_composite(image.convert("RGBA"))
        rgb = np.asarray(page.convert("RGB")).astype(int)
        # The window's frame, in a colour that both have.
        frame = abs(rgb - [0xD5, 0x5E, 0x00]).max(axis=2) < 2
        places.append(frame)
    assert places[0].sum() > 1000
    assert np.array_equal(*places)


def test_lines_alone_become_svg_where_that_is_smaller(tmp_path: Path) -> None:
    light, _ = compute_figures.save(plots.network_diagram([784, 128, 64, 10]), tmp_path / "network")
    assert light.path.suffix == ".svg"
    light, _ = compute_figures.save(draw("digit_grid"), tmp_path / "digits")
    assert light.path.suffix == ".webp"


def test_the_scraper_sets_both_images_of_each_open_figure(tmp_path: Path) -> None:
    first = draw("digit_grid")
    plt.figure().subplots().set_title("Drawn\nby hand")
    says = first.get_label()
    paths = (str(tmp_path / "images" / f"step_{number}.png") for number in range(1, 9))
    (tmp_path / "images").mkdir()
    variables = {"image_path_iterator": paths, "src_file": "gallery/01_digits.py"}
    text = compute_figures.scrape(None, variables, {"src_dir": str(tmp_path)})
    assert plt.get_fignums() == []
    assert re.findall(r"^\.\. image:: (\S+)", text, re.MULTILINE) == [
        f"/images/step_{n}{end}.webp" for n in (1, 2) for end in ("", "_dark")
    ]
    assert re.findall(":alt: (.*)", text) == [says, says, "Drawn by hand", "Drawn by hand"]
    assert re.findall(":class: (.*)", text) == ["figure only-light", "figure only-dark"] * 2
    assert next(paths).endswith("step_3.png"), "no number is used up for nothing"
