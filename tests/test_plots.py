"""Figures: titled, true to the numbers given, harmless to the caller, the same each time."""

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import matplotlib as mpl
import numpy as np
import pytest
import torch
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle, StepPatch
from mnistlesson import plots
from torch import Tensor

from support.figures import ARGUMENTS, draw, noise

SINGLE = [(1, 28, 28), (28, 28), (784,)]
every_function = pytest.mark.parametrize("name", ARGUMENTS)


def png(figure: Figure) -> bytes:
    """Return the figure as it is saved for a page."""
    buffer = io.BytesIO()
    figure.savefig(buffer)
    return buffer.getvalue()


def snapshot(value: object) -> str:
    """Return all numbers in tensors, lists and mappings as text, in which NaN equals NaN."""
    if isinstance(value, Tensor):
        return f"{value.tolist()} {value.requires_grad}"
    if isinstance(value, dict):
        return str({key: snapshot(entry) for key, entry in value.items()})
    return str([snapshot(entry) for entry in value] if isinstance(value, list) else value)


def points(line: Line2D) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return the positions of a line's points, of shape (n, 2)."""
    return np.asarray(line.get_xydata(), dtype=np.float64)


def shown(axes: Axes) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return the numbers of the only image in the axes."""
    (picture,) = axes.images
    return np.ma.filled(np.ma.asarray(picture.get_array()), np.nan)


def heights(axes: Axes) -> list[float]:
    """Return the values of the only histogram in the axes."""
    (steps,) = (patch for patch in axes.patches if isinstance(patch, StepPatch))
    return list(steps.get_data()[0])


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    plt.close("all")
    yield
    plt.close("all")


def test_every_public_function_is_tested_here() -> None:
    assert sorted(plots.__all__) == sorted(ARGUMENTS)


@every_function
def test_returns_a_titled_figure_that_pyplot_knows(name: str) -> None:
    figure = draw(name)
    assert figure.get_suptitle().strip()
    assert figure.get_suptitle().isascii()
    assert plt.get_fignums() == [figure.number]
    assert draw(name, title="My own").get_suptitle() == "My own"


@every_function
def test_never_hands_a_tensor_to_matplotlib(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise AssertionError("NumPy or matplotlib got a tensor")

    monkeypatch.setattr(Tensor, "__array__", refuse)
    assert png(draw(name))


@every_function
def test_leaves_arguments_and_options_as_they_were(name: str) -> None:
    arguments = ARGUMENTS[name]()
    before, options = snapshot(arguments), mpl.rcParams.copy()
    png(getattr(plots, name)(**arguments))
    assert snapshot(arguments) == before
    assert mpl.rcParams == options


@pytest.mark.slow  # the figures of the pages, which a quick test draws twice, are drawn by these
@every_function
def test_same_input_gives_the_same_bytes(name: str) -> None:
    assert png(draw(name)) == png(draw(name))


@every_function
def test_label_is_the_title_and_sentences(name: str) -> None:
    label = str(
        draw(name, title="My own title that is so long that it is broken into lines").get_label()
    )
    assert label.startswith("My own title that is so long that it is broken into lines. ")
    assert label.endswith(".")
    assert label == " ".join(label.split())
    assert label.isascii()
    assert len(label) > 100


def says(name: str, **changes: object) -> str:
    """Return what a figure says of itself, without its title."""
    return str(draw(name, title="T", **changes).get_label()).removeprefix("T. ")


def test_digit_grid_says_which_digits() -> None:
    assert says("digit_grid", labels=[7, 2, 1, 0, 4]) == (
        "White on black, 5 in all, row by row: 7, 2, 1, 0, 4."
    )
    assert says("digit_grid", labels=None) == "White on black, 5 in all."


def test_misread_digits_says_what_was_read_as_what() -> None:
    assert says("misread_digits") == (
        "White on black, 2 in all: 3 read as 5 with 91%, 4 read as 9 with 40%."
    )


@pytest.mark.parametrize(
    ("probabilities", "ranking"),
    [
        ([0.9, 0.04, 0.06, *[0.0] * 7], "The longest bar is that of 0: 0.90; next 2: 0.06."),
        (
            [0.4, 0.4, 0.1, 0.1, *[0.0] * 6],
            "The longest bars are those of 0 and 1: 0.40; next 2 and 3: 0.10.",
        ),
        ([*[0.0] * 9, 1.0], "The longest bar is that of 9: 1.00; all others: 0.00."),
        ([0.1] * 10, "All bars are equally long: 0.10."),
    ],
)
def test_view_classify_says_which_bar_is_longest(probabilities: list[float], ranking: str) -> None:
    said = says("view_classify", probabilities=torch.tensor(probabilities))
    assert said.endswith(f"a bar for each class. {ranking}")


def test_digit_values_says_where_the_window_is_and_what_it_holds() -> None:
    image = torch.full((28, 28), -1.0)
    image[20:, 20:] = 0.5
    _, right = plots.digit_values(image).axes
    rows, columns = right.get_yticks(), right.get_xticks()
    assert says("digit_values", image=image) == (
        f"On the left the digit, with a square around rows {rows[0]} to {rows[-1]} and columns "
        f"{columns[0]} to {columns[-1]}. On the right the square's 49 numbers, from -1.0 to 0.5."
    )


def test_rows_end_to_end_says_which_rows_and_positions() -> None:
    image = torch.full((28, 28), -1.0)
    image[10] = 1
    said = says("rows_end_to_end", image=image)
    assert "rows 9, 10 and 11 are marked" in said
    assert "positions 252 to 335" in said


def test_network_diagram_says_the_layers() -> None:
    assert "input (784), hidden (128) and output (10)." in says("network_diagram")
    assert "layer 1 (784) and layer 2 (3)." in says("network_diagram", sizes=[784, 3], labels=None)


def test_layer_activations_says_the_range_of_each_layer() -> None:
    layers = {
        "input": torch.linspace(-1, 0.5, 784),
        "hidden": torch.arange(20.0).sub(5).relu(),
        "logits": torch.tensor([0.5, -2.0, 3.0]),
    }
    assert says("layer_activations", layers=layers) == (
        "input: 784 values from -1 to 0.5. hidden: 20 values from 0 to 14, of which 6 are 0. "
        "logits: 3 bars, from -2 to 3, the highest that of 2."
    )


def test_one_unit_says_what_is_added_up() -> None:
    image, weights = torch.full((784,), -1.0), torch.full((784,), 0.01)
    weights[0] = -0.16
    assert says("one_unit", image=image, weights=weights, bias=6.67) == (
        "The image, times weights from -0.16 to 0.01, gives products from -0.01 to 0.16. "
        "Their sum is -7.67, the bias 6.67, the weighted sum -1.00. The sigmoid of that is 0.27."
    )


def test_bar_charts_says_each_number() -> None:
    groups = {"scores": torch.tensor([1.0, 2.0]), "shares": torch.tensor([0.25, 0.75])}
    assert says("bar_charts", groups=groups) == "scores: 1 and 2. shares: 0.25 and 0.75."


def test_histograms_says_mean_deviation_and_tallest_bar() -> None:
    values = torch.tensor([0.0, 0.1, 0.2, 1.0])
    assert says("histograms", groups={"weights": values}, bins=2) == (
        "weights: values from 0 to 1, mean 0.325, deviation 0.457; "
        "the tallest bar, 75% of them, stands from 0 to 0.5."
    )


def test_activation_functions_says_the_course_of_each() -> None:
    x = torch.linspace(-2, 2, 5)
    said = says(
        "activation_functions", x=x, values={"ReLU": x.relu()}, gradients={"ReLU": (x > 0).float()}
    )
    assert said == (
        "Left, for x from -2 to 2: ReLU goes from 0 to 2. Right, their gradients: ReLU from 0 to 1."
    )


def test_scale_curves_says_where_a_curve_turns() -> None:
    measures = {"bump": torch.tensor([0.0, 5.0, 1.0]), "dip": torch.tensor([3.0, 1.0, 4.0])}
    assert says("scale_curves", measures=measures, xlabel="spread") == (
        "As the spread goes from 0.01 to 1: bump goes from 0 to 1 with a peak of 5 at 0.1; "
        "dip goes from 3 to 4 with a low of 1 at 0.1."
    )


def test_training_curves_says_the_first_and_the_last_epoch() -> None:
    said = says(
        "training_curves",
        train_loss=[2.0, 1.0, 0.5],
        test_loss=[2.5, 2.0, 1.5],
        train_accuracy=[0.1, 0.5, 0.9],
        test_accuracy=[0.2, 0.4, 0.8],
    )
    assert said == (
        "Before training the loss is 2.00 on the training set and 2.50 on the test set; "
        "after epoch 2, 0.50 and 1.50. The accuracy is 10% and 20%, then 90% and 80%."
    )


def test_tensor_shapes_says_each_shape_and_what_is_learnt() -> None:
    assert says("tensor_shapes") == (
        "Boxes, each with its shape. a product: inputs (64, 784) and w1 (784, 256). loss: loss (). "
        "Orange, because training changes them: w1."
    )
    assert "Orange" not in says("tensor_shapes", learnt=[])


@pytest.mark.slow
def test_every_function_draws_in_a_script_in_an_empty_folder(tmp_path: Path) -> None:
    here = Path(__file__).parent
    script = "from support import figures as f\nfor n in f.ARGUMENTS: f.draw(n).savefig(n + '.png')"
    path = os.pathsep.join([str(here), str(here.parent)])
    subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        check=True,
        cwd=tmp_path,
        env=os.environ | {"MPLBACKEND": "agg", "PYTHONPATH": path},
    )
    assert sorted(file.stem for file in tmp_path.iterdir()) == sorted(ARGUMENTS)


@pytest.mark.parametrize("shape", [(5, 1, 28, 28), (5, 784)])
def test_digit_grid_draws_each_digit_under_its_label(shape: tuple[int, ...]) -> None:
    images = noise(*shape)
    figure = plots.digit_grid(images, [7, 2, 1, 0, 4], columns=3)
    figure.draw_without_rendering()
    assert [axes.get_title() for axes in figure.axes] == ["7", "2", "1", "0", "4"]
    for axes, image in zip(figure.axes, images.detach(), strict=True):
        assert np.array_equal(shown(axes), image.reshape(28, 28))
        assert axes.images[0].get_clim() == (-1, 1)
        assert axes.images[0].get_cmap()(1.0)[:3] == (1, 1, 1), "ink is white"
    tops = [round(axes.get_position().y1, 3) for axes in figure.axes]
    assert tops[0] == tops[1] == tops[2] > tops[3] == tops[4]


def test_digit_grid_without_labels_writes_none() -> None:
    assert {axes.get_title() for axes in draw("digit_grid", labels=None).axes} == {""}


@pytest.mark.parametrize("shape", SINGLE)
@pytest.mark.parametrize("name", ["digit_values", "one_unit", "rows_end_to_end", "view_classify"])
def test_a_single_image_has_any_of_three_shapes(name: str, shape: tuple[int, ...]) -> None:
    image = noise(784)
    drawn = shown(draw(name, image=image.reshape(shape)).axes[0])
    assert np.array_equal(drawn, image.detach().reshape(28, 28))


def test_digit_values_writes_the_numbers_of_the_marked_window() -> None:
    image = noise(28, 28).detach()
    left, right = plots.digit_values(image).axes
    rows, columns = right.get_yticks().astype(int), right.get_xticks().astype(int)
    (window,) = (patch for patch in left.patches if isinstance(patch, Rectangle))
    assert window.get_xy() == (columns[0] - 0.5, rows[0] - 0.5)
    assert (window.get_width(), window.get_height()) == (len(columns), len(rows))
    for text in right.texts:
        column, row = (int(place) for place in text.get_position())
        assert float(text.get_text()) == pytest.approx(image[row, column].item(), abs=0.051)
        assert text.get_color() == ("#010101" if image[row, column] > -0.1 else "#FEFEFE")
    assert len(right.texts) == len(rows) * len(columns)


def test_digit_values_looks_where_paper_meets_ink() -> None:
    image = torch.full((28, 28), -1.0)
    image[20:, 20:] = 1
    numbers = {text.get_text() for text in plots.digit_values(image).axes[1].texts}
    assert numbers == {"-1.0", "1.0"}


def test_rows_end_to_end_marks_the_same_rows_everywhere() -> None:
    image = torch.full((28, 28), -1.0)
    image[10] = torch.linspace(-1, 1, 28)
    square, strip, zoom = plots.rows_end_to_end(image).axes
    assert np.array_equal(shown(strip), image.reshape(1, 784))
    assert zoom.get_xlim() == (9 * 28 - 0.5, 12 * 28 - 0.5)
    labels = [label.get_text() for label in zoom.get_xticklabels()]
    assert labels == ["row 9: 252 to 279", "row 10: 280 to 307", "row 11: 308 to 335"]
    marks = zip(square.patches, strip.patches, zoom.patches, strict=True)
    for row, (in_square, *in_vector) in zip((9, 10, 11), marks, strict=True):
        assert isinstance(in_square, Rectangle)
        assert in_square.get_y() == row - 0.5
        for mark in in_vector:
            assert isinstance(mark, Rectangle)
            assert (mark.get_x(), mark.get_width()) == (28 * row - 0.5, 28)
            assert mark.get_facecolor() == in_square.get_edgecolor()


@pytest.mark.parametrize("value", [-1.0, 1.0])
def test_an_even_image_is_drawn_as_well(value: float) -> None:
    assert png(plots.rows_end_to_end(torch.full((784,), value)))
    assert png(plots.digit_values(torch.full((784,), value)))


@pytest.mark.parametrize("shape", [(10,), (1, 10)])
def test_view_classify_draws_the_probabilities_as_bars(shape: tuple[int, ...]) -> None:
    probabilities = torch.tensor([0.0, 0.1, 0.4, 0.1, 0.05, 0.05, 0.1, 0.1, 0.1, 0.0])
    _, axes = draw("view_classify", probabilities=probabilities.reshape(shape)).axes
    bars = [bar for bar in axes.patches if isinstance(bar, Rectangle)]
    assert [bar.get_width() for bar in bars] == pytest.approx(probabilities.tolist())
    assert [bar.get_y() + bar.get_height() / 2 for bar in bars] == pytest.approx(range(10))
    assert axes.get_xlim() == (0, 1)
    assert axes.get_xlabel() == "probability"
    others = {bar.get_facecolor() for bar in bars[:2] + bars[3:]}
    assert len(others) == 1
    assert bars[2].get_facecolor() not in others


@pytest.mark.parametrize(
    ("probabilities", "cure"),
    [(noise(10), "softmax"), (torch.full((10,), 0.1002), "sum"), (noise(10).log_softmax(0), "exp")],
)
def test_view_classify_names_the_missing_function(probabilities: Tensor, cure: str) -> None:
    with pytest.raises(ValueError, match=rf"probabilities.*{cure}"):
        draw("view_classify", probabilities=probabilities)


def test_activation_functions_draws_each_function_and_its_gradient() -> None:
    given = ARGUMENTS["activation_functions"]()
    figure = plots.activation_functions(**given)
    for axes, curves in zip(figure.axes, (given["values"], given["gradients"]), strict=True):
        lines = [line for line in axes.lines if len(points(line)) >= 61]
        for line, curve in zip(lines, curves.values(), strict=True):
            expected = torch.stack([given["x"], curve], dim=1).detach()
            drawn = points(line)
            assert np.allclose(drawn[~np.isnan(drawn[:, 0])], expected)
        assert len({line.get_linestyle() for line in lines}) == len(lines)
    assert [text.get_text() for text in figure.legends[0].texts] == ["up", "down"]


@pytest.mark.parametrize(
    ("sizes", "weights", "digits"),
    [([3, 2, 1], 8, 0), ([784, 10], 80, 10), ([784, 128, 64, 10], 64 + 64 + 80, 10)],
)
def test_network_diagram_tells_the_size_of_each_layer(
    sizes: list[int], weights: int, digits: int
) -> None:
    names = [f"layer {index}" for index, _ in enumerate(sizes)]
    figure = plots.network_diagram(sizes, labels=names)
    texts = [text.get_text() for text in figure.axes[0].texts]
    assert [text.split()[0] for text in texts if "unit" in text] == [str(size) for size in sizes]
    assert [text for text in texts if "layer" in text] == names
    assert [text for text in texts if text.isdigit()] == [str(digit) for digit in range(digits)]
    lines = (c for c in figure.axes[0].collections if isinstance(c, LineCollection))
    assert sum(len(line.get_segments()) for line in lines) == weights
    assert all(str(size) in figure.get_suptitle() for size in sizes)


def test_network_diagram_lets_the_weights_of_the_first_unit_stand_out() -> None:
    everything, plain = draw("network_diagram", first_unit=True), draw("network_diagram")
    *grey, blue = (c for c in everything.axes[0].collections if isinstance(c, LineCollection))
    assert len(grey) == sum(isinstance(c, LineCollection) for c in plain.axes[0].collections)
    lines = np.array(blue.get_segments())
    assert len(lines) == 8, "as many circles as the input has"
    assert (lines[:, 1] == lines[0, 1]).all()
    assert len(np.unique(lines[:, 0], axis=0)) == 8
    said = "Those to the first circle of the second column stand out."
    assert says("network_diagram", first_unit=True) == f"{says('network_diagram')} {said}"


@pytest.mark.parametrize("share_x", [True, False])
def test_histograms_draws_fractions_under_mean_and_deviation(*, share_x: bool) -> None:
    groups = {"narrow": noise(40, 5).detach(), "wide": 100 * noise(30).detach() + 5}
    narrow, wide = plots.histograms(groups, xlabel="value", bins=7, share_x=share_x).axes
    for axes, (name, values) in zip((narrow, wide), groups.items(), strict=True):
        assert sum(heights(axes)) == pytest.approx(1)
        assert len(heights(axes)) == 7
        mean, deviation = f"{values.mean():.3f}", f"{values.std():.3g}"
        assert axes.get_title() == f"{name}\nmean {mean}, std {deviation}"
    assert (narrow.get_xlim() == wide.get_xlim()) is share_x
    counts = np.histogram(groups["narrow"].numpy(), 7)[0] / 200
    assert (heights(narrow) == pytest.approx(counts)) is not share_x


@pytest.mark.parametrize(("count", "rows"), [(1, 1), (4, 1), (5, 2), (9, 3)])
def test_histograms_wraps_above_four_panels(count: int, rows: int) -> None:
    figure = plots.histograms({str(i): noise(9) for i in range(count)}, xlabel="value")
    figure.draw_without_rendering()
    assert len(figure.axes) == count
    assert len({round(axes.get_position().y0, 3) for axes in figure.axes}) == rows


def cells(axes: Axes, which: int) -> list[tuple[float, float]]:
    """Return the row and the column of each cell of a map: of all (0), or of those not 0 (1)."""
    collection = axes.collections[which]
    corners = (np.asarray(path.vertices)[0].tolist() for path in collection.get_paths())
    return [(row, column) for column, row in corners]


def test_layer_activations_draws_each_layer_by_its_size() -> None:
    layers = ARGUMENTS["layer_activations"]()["layers"]
    panels = draw("layer_activations").axes
    assert [axes.get_title() for axes in panels] == [
        f"{name} ({len(values)})" for name, values in layers.items()
    ]
    digit, *maps, chart = panels
    assert np.array_equal(shown(digit), layers["input"].detach().reshape(28, 28))
    assert digit.images[0].get_clim() == (-1, 1)
    shapes = [(8, 16), (8, 8), (9, 11), (4, 5)]
    for axes, values, shape in zip(maps, [*layers.values()][1:-1], shapes, strict=True):
        numbers = values.detach().numpy()
        places = [(n // shape[1], n % shape[1]) for n in range(len(numbers))]
        assert cells(axes, 0) == places
        assert cells(axes, 1) == [place for place, n in zip(places, numbers, strict=True) if n]
        drawn = np.asarray(axes.collections[1].get_facecolor())
        blue = (drawn[:, :3] == to_rgb("#0072B2")).all(axis=1)
        assert np.array_equal(blue, numbers[numbers != 0] > 0)
        if drawn.size:
            assert np.allclose(drawn[:, 3], abs(numbers) / abs(numbers).max(), atol=0.006)
    bars = [bar for bar in chart.patches if isinstance(bar, Rectangle)]
    assert [bar.get_height() for bar in bars] == pytest.approx(layers["logits"].tolist())


def test_one_unit_draws_weights_and_products_by_their_sign() -> None:
    given = ARGUMENTS["one_unit"]()
    image, weights = given["image"].detach().reshape(784), given["weights"].detach()
    _, sought, found, _, _ = draw("one_unit").axes
    for axes, numbers in ((sought, weights), (found, weights * image)):
        colours = shown(axes).reshape(784, 4)
        blue = (colours[:, :3] == to_rgb("#0072B2")).all(axis=1)
        assert np.array_equal(blue, numbers > 0)
        assert np.allclose(colours[:, 3], abs(numbers) / abs(numbers).max())


@pytest.mark.parametrize("bias", [-1000.0, 0.0, 2.0, 1000.0])
def test_one_unit_answers_with_the_sigmoid_of_the_weighted_sum(bias: float) -> None:
    image, weights = noise(784), noise(784) / 28
    axes = plots.one_unit(image, weights, bias).axes
    balance = image.double() @ weights.double() + bias
    curve, point = axes[-1].lines[:2]
    assert points(point)[0] == pytest.approx([balance.item(), balance.sigmoid().item()])
    assert points(curve)[:, 1] == pytest.approx(torch.tensor(points(curve)[:, 0]).sigmoid().numpy())
    total, _, _, answer = [text.get_text() for text in axes[-2].texts[1::2]]
    assert float(total) == pytest.approx(balance.item() - bias, abs=0.0051)
    assert float(answer) == pytest.approx(balance.sigmoid().item(), abs=0.0051)


def test_one_unit_draws_weights_that_are_all_zero() -> None:
    assert png(draw("one_unit", weights=torch.zeros(784)))


def test_bar_charts_draws_each_vector_with_its_numbers() -> None:
    groups = {"scores": torch.tensor([1.0, -2.0]), "shares": torch.tensor([0.25, 0.75])}
    for axes, (name, values) in zip(
        draw("bar_charts", groups=groups).axes, groups.items(), strict=True
    ):
        bars = [bar for bar in axes.patches if isinstance(bar, Rectangle)]
        assert [bar.get_height() for bar in bars] == values.tolist()
        assert [float(text.get_text()) for text in axes.texts] == values.tolist()
        assert axes.get_title() == name


def test_training_curves_draws_nats_and_percent_against_whole_epochs() -> None:
    loss, accuracy = plots.training_curves(
        [2, 1, 0.5], [3, 2, 1], [0.1, 0.5, 0.9], [0, 0.4, 1]
    ).axes
    drawn = [points(line).tolist() for axes in (loss, accuracy) for line in axes.lines]
    assert drawn == [
        [[0, 2], [1, 1], [2, 0.5]],
        [[0, 3], [1, 2], [2, 1]],
        [[0, 10], [1, 50], [2, 90]],
        [[0, 0], [1, 40], [2, 100]],
    ]
    assert all(tick == round(tick) for axes in (loss, accuracy) for tick in axes.get_xticks())
    assert loss.get_ylabel() == "cross-entropy loss (nats)"
    assert "%" in accuracy.get_ylabel()
    train, test = loss.lines
    assert train.get_linestyle() != test.get_linestyle()


def test_training_curves_draws_a_single_epoch_and_a_loss_that_is_lost() -> None:
    nothing = [float("nan")]
    assert png(plots.training_curves(nothing, nothing, [0.1], [0.1]))


def boxes(figure: Figure) -> list[Rectangle]:
    """Return the rectangles of a figure with one pair of axes."""
    return [patch for patch in figure.axes[0].patches if isinstance(patch, Rectangle)]


def test_tensor_shapes_draws_equal_lengths_equally() -> None:
    inputs, w1, loss = boxes(draw("tensor_shapes"))
    assert inputs.get_width() == w1.get_height() == pytest.approx(28)
    assert (inputs.get_height(), w1.get_width()) == pytest.approx((8, 16))
    assert loss.get_width() == loss.get_height() == 1
    assert inputs.get_facecolor() == loss.get_facecolor() != w1.get_facecolor()


def test_tensor_shapes_writes_each_name_and_shape() -> None:
    texts = [text.get_text() for text in draw("tensor_shapes").axes[0].texts]
    named = ["a product", "inputs", "(64, 784)", "w1", "(784, 256)", "loss", "loss", "()"]
    assert texts == named


@pytest.mark.parametrize(
    ("shape", "sheets"), [((), 1), ((10,), 1), ((1, 28, 28), 1), ((64, 1, 28, 28), 3)]
)
def test_tensor_shapes_stacks_more_than_one_matrix(shape: tuple[int, ...], sheets: int) -> None:
    assert len(boxes(plots.tensor_shapes({"": {"images": noise(*shape)}}))) == sheets


def test_tensor_shapes_breaks_long_groups_without_overlap() -> None:
    group = {f"a long name, {number}": noise(3, 28 * 28) for number in range(7)}
    figure = plots.tensor_shapes({"many": group})
    figure.draw_without_rendering()
    texts = [text.get_window_extent() for text in figure.axes[0].texts]
    assert len({box.get_y() for box in boxes(figure)}) > 1
    assert all(text.x0 >= 0 and text.x1 <= figure.bbox.x1 for text in texts)
    assert not [1 for text in texts if text.count_overlaps(texts) > 1]


@pytest.mark.parametrize(
    ("probabilities", "captions"),
    [
        (None, ["3 read as 5", "4 read as 9"]),
        (torch.tensor([0.91, 0.4]), ["3 read as 5\n91%", "4 read as 9\n40%"]),
    ],
)
def test_misread_digits_says_what_was_read(
    probabilities: Tensor | None, captions: list[str]
) -> None:
    figure = draw("misread_digits", probabilities=probabilities)
    assert [axes.get_title() for axes in figure.axes] == captions
    assert np.array_equal(shown(figure.axes[1]), noise(2, 784)[1].detach().reshape(28, 28))


def test_scale_curves_draws_each_measure_on_a_logarithmic_scale() -> None:
    given = ARGUMENTS["scale_curves"]()
    figure = plots.scale_curves(**given, xlabel="spread", references={"loss": 0.5})
    for axes, (name, measure) in zip(figure.axes, given["measures"].items(), strict=True):
        assert axes.get_title() == name
        assert axes.get_xscale() == "log"
        expected = torch.stack([given["scales"], measure], dim=1).detach()
        assert np.allclose(points(axes.lines[-1]), expected)
        assert axes.lines[-1].get_marker() == "o"
    assert [len(axes.lines) for axes in figure.axes] == [2, 1]
    assert set(points(figure.axes[0].lines[0])[:, 1]) == {0.5}
    assert figure.get_supxlabel() == "spread"


def test_scale_curves_draws_the_mean_of_runs_and_from_the_lowest_to_the_highest() -> None:
    runs = torch.tensor([[1.0, 2.0, 3.0], [3.0, 6.0, 3.0]])
    (axes,) = draw("scale_curves", measures={"loss": runs}).axes
    assert points(axes.lines[0])[:, 1].tolist() == [2, 4, 3]
    (band,) = axes.collections
    corners = set(map(tuple, np.round(np.array(band.get_paths()[0].vertices), 2).tolist()))
    assert corners >= {(0.01, 1), (0.01, 3), (0.1, 2), (0.1, 6), (1, 3)}
    said = says("scale_curves", measures={"loss": runs}, references={"loss": 2.5})
    assert said.endswith(
        "loss goes from 2 to 3 with a peak of 4 at 0.1. Dashed lines: loss at 2.5."
    )


def test_line_chart_draws_each_curve_and_ends_where_a_loss_is_lost() -> None:
    lines = {"good": torch.tensor([3.0, 1.0, 0.5]), "lost": torch.tensor([3.0, 1e6, torch.nan])}
    figure = draw("line_chart", lines=lines, log_y=True)
    (axes,) = figure.axes
    for line, (name, values) in zip(axes.lines, lines.items(), strict=True):
        assert line.get_label() == name
        assert np.array_equal(points(line)[:, 1], values.numpy(), equal_nan=True)
    assert (axes.get_xlabel(), axes.get_ylabel(), axes.get_yscale()) == ("step", "loss", "log")
    assert says("line_chart") == (
        "For step from 0 to 2: fast goes from 3 to 0.5; slow goes from 3 to 2."
    )


def test_activation_functions_breaks_a_curve_where_it_jumps() -> None:
    x = torch.linspace(-1, 1, 5)
    figure = draw(
        "activation_functions", x=x, values={"ReLU": x.relu()}, gradients={"ReLU": (x > 0).float()}
    )
    whole, broken = (points(axes.lines[0]) for axes in figure.axes)
    assert not np.isnan(whole).any()
    assert np.isnan(broken).all(axis=1).tolist() == [False, False, False, True, False, False]


def test_confusion_matrix_writes_each_count_and_shades_the_mistakes() -> None:
    figure = draw("confusion_matrix")
    (axes,) = figure.axes
    written = {text.get_position(): int(text.get_text()) for text in axes.texts}
    assert written == {(0, 0): 8, (1, 0): 2, (0, 1): 1, (1, 1): 9, (1, 2): 3, (2, 2): 7}
    _, two, one, three = (box.get_alpha() or 0 for box in boxes(figure))
    assert one < two < three
    assert says("confusion_matrix") == (
        "A square of 3 rows, one for each digit, and as many columns, one for each answer. "
        "24 of 30 are read right. Most often misread: 2 as 1 (3), 0 as 1 (2) and 1 as 0 (1)."
    )
    assert says("confusion_matrix", counts=torch.eye(2)).endswith("None is misread.")


def test_decision_regions_says_how_large_each_is_and_draws_each_point() -> None:
    scores = torch.linspace(-1, 1, 10).expand(10, 10)
    figure = draw("decision_regions", scores={"right half": scores})
    drawn = np.concatenate([points(line) for line in figure.axes[0].lines])
    given = noise(6, 2).detach().numpy()
    assert np.allclose(np.sort(drawn, axis=0), np.sort(given, axis=0))
    assert says("decision_regions", scores={"right half": scores}) == (
        "6 points, 3 of them of class 1. "
        "The share of the square with a score above 0: right half: 50% of the plane."
    )


def test_unit_weights_draws_a_picture_for_each_unit() -> None:
    weights = torch.zeros(2, 784)
    weights[0, 3], weights[1, 30] = 2.0, -1.0
    figure = draw("unit_weights", groups={"now": weights})
    for axes, values in zip(figure.axes, weights, strict=True):
        (picture,) = axes.images
        shown_alpha = np.asarray(picture.get_array())[..., 3]
        assert np.array_equal(shown_alpha, values.abs().reshape(28, 28) / 2)
    assert says("unit_weights", groups={"now": weights}) == (
        "2 pictures of 28 by 28 weights in each row, blue above 0 and orange below. "
        "now: weights from -1 to 2."
    )


@pytest.mark.parametrize(
    ("name", "argument", "value"),
    [
        *(
            (name, "image", bad)
            for name in ("digit_values", "one_unit", "rows_end_to_end", "view_classify")
            for bad in (
                noise(2, 28, 28),
                noise(783),
                255 * noise(784).abs(),
                -2 * noise(784).abs(),
                noise(784) / 0,
            )
        ),
        *(
            (name, "images", bad)
            for name in ("digit_grid", "misread_digits")
            for bad in (
                noise(0, 784),
                noise(28, 28),
                noise(2, 3, 28, 28),
                1.1 * noise(5, 784).sign(),
            )
        ),
        ("one_unit", "weights", noise(1, 784)),
        ("one_unit", "weights", noise(784) / 0),
        ("one_unit", "bias", noise(2)),
        ("one_unit", "bias", float("nan")),
        ("bar_charts", "groups", {}),
        ("bar_charts", "groups", {"scores": noise(3), "others": noise(4)}),
        ("bar_charts", "groups", {"scores": noise(3, 3)}),
        ("bar_charts", "groups", {"scores": noise(3) / 0}),
        ("digit_grid", "labels", torch.arange(4)),
        ("digit_grid", "labels", noise(5)),
        ("digit_grid", "columns", 0),
        ("misread_digits", "labels", [1]),
        ("misread_digits", "predictions", torch.tensor([[5], [9]])),
        ("misread_digits", "probabilities", [0.5]),
        ("misread_digits", "probabilities", [0.5, 91]),
        ("misread_digits", "columns", -1),
        ("view_classify", "probabilities", torch.full((9,), 1 / 9)),
        ("view_classify", "probabilities", torch.full((10, 1), 0.1)),
        ("view_classify", "probabilities", torch.full((10,), float("nan"))),
        ("activation_functions", "x", noise(61, 1)),
        ("activation_functions", "values", {}),
        ("activation_functions", "values", {"up": noise(61), "down": noise(60)}),
        ("activation_functions", "gradients", {"up": noise(61)}),
        ("activation_functions", "gradients", {"up": noise(61), "down": noise(1, 61)}),
        ("network_diagram", "sizes", [784]),
        ("network_diagram", "sizes", [784, 0, 10]),
        ("network_diagram", "labels", ["input"]),
        ("histograms", "groups", {}),
        ("histograms", "groups", {"one": noise(1)}),
        ("histograms", "groups", {"infinite": noise(4) / 0}),
        ("histograms", "bins", 0),
        ("layer_activations", "layers", {}),
        ("layer_activations", "layers", {"a batch": noise(1, 10)}),
        ("layer_activations", "layers", {"none": noise(0)}),
        ("layer_activations", "layers", {"infinite": noise(10) / 0}),
        ("tensor_shapes", "groups", {}),
        ("tensor_shapes", "groups", {"nothing": {}}),
        ("tensor_shapes", "learnt", ["w2"]),
        ("training_curves", "train_loss", []),
        ("training_curves", "test_loss", [1.0]),
        ("training_curves", "train_accuracy", [10.0, 90.0]),
        ("training_curves", "test_accuracy", [0.1, 0.2, 0.3]),
        ("scale_curves", "scales", torch.tensor([0.0, 0.1, 1.0])),
        ("scale_curves", "scales", noise(3, 1)),
        ("scale_curves", "measures", {}),
        ("scale_curves", "measures", {"loss": noise(4)}),
        ("scale_curves", "measures", {"loss": noise(2, 4)}),
        ("scale_curves", "measures", {"loss": noise(0, 3)}),
        ("scale_curves", "references", {"another": 0.1}),
        ("line_chart", "x", noise(3, 1)),
        ("line_chart", "lines", {}),
        ("line_chart", "lines", {"fast": noise(4)}),
        ("confusion_matrix", "counts", torch.ones(2, 3)),
        ("confusion_matrix", "counts", torch.ones(0, 0)),
        ("confusion_matrix", "counts", torch.full((2, 2), 0.5)),
        ("confusion_matrix", "counts", torch.full((2, 2), -1)),
        ("decision_regions", "points", noise(6, 3)),
        ("decision_regions", "points", noise(6, 2) / 0),
        ("decision_regions", "classes", torch.tensor([0, 1, 2, 0, 1, 0])),
        ("decision_regions", "classes", torch.tensor([0, 1])),
        ("decision_regions", "scores", {}),
        ("decision_regions", "scores", {"one": noise(9, 8)}),
        ("decision_regions", "scores", {"one": noise(9, 9) / 0}),
        ("decision_regions", "limit", 0),
        ("unit_weights", "groups", {}),
        ("unit_weights", "groups", {"before": noise(3, 783)}),
        ("unit_weights", "groups", {"before": noise(11, 784)}),
        ("unit_weights", "groups", {"before": noise(3, 784), "after": noise(2, 784)}),
        ("unit_weights", "groups", {"before": noise(3, 784) / 0}),
    ],
)
def test_bad_input_is_named_and_opens_no_figure(name: str, argument: str, value: object) -> None:
    with pytest.raises(ValueError, match=rf"^{argument}\b.*expected|^{argument}.*\bapply\b"):
        draw(name, **{argument: value})
    assert plt.get_fignums() == []


def test_line_chart_refuses_the_logarithm_of_a_negative_number() -> None:
    with pytest.raises(ValueError, match=r"lines\['fast'\].*log_y"):
        draw("line_chart", lines={"fast": noise(3)}, log_y=True)
    assert plt.get_fignums() == []
