"""Tensors in, a figure out: every picture of the lesson.

- Digits: :func:`digit_grid`, :func:`view_classify`, :func:`misread_digits`.
- What an image is to a network: :func:`digit_values`, :func:`rows_end_to_end`, :func:`one_unit`.
- Networks: :func:`network_diagram`, :func:`layer_activations`, :func:`tensor_shapes`.
- Curves: :func:`activation_functions`, :func:`training_curves`, :func:`scale_curves`.
- Distributions: :func:`histograms`. A few numbers: :func:`bar_charts`.

Images hold numbers from -1 (paper) to 1 (ink). A single image has the shape (1, 28, 28), (28, 28)
or (784,); a batch has the shape (N, 1, 28, 28) or (N, 784). No function changes a tensor, shows a
window, or sets a global option of matplotlib. Every figure has a title. Its label,
``figure.get_label()``, says in sentences computed from the data what is to be seen: it is the
alternative text on the lesson's pages. An argument of the wrong shape raises ``ValueError``, and no
figure is opened.
"""

from mnistlesson.plots.bars import bar_charts
from mnistlesson.plots.curves import activation_functions, scale_curves, training_curves
from mnistlesson.plots.digits import digit_grid, misread_digits, view_classify
from mnistlesson.plots.distributions import histograms
from mnistlesson.plots.networks import layer_activations, network_diagram
from mnistlesson.plots.pixels import digit_values, rows_end_to_end
from mnistlesson.plots.shapes import tensor_shapes
from mnistlesson.plots.units import one_unit

__all__ = [
    "activation_functions",
    "bar_charts",
    "digit_grid",
    "digit_values",
    "histograms",
    "layer_activations",
    "misread_digits",
    "network_diagram",
    "one_unit",
    "rows_end_to_end",
    "scale_curves",
    "tensor_shapes",
    "training_curves",
    "view_classify",
]
