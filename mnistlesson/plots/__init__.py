"""Tensors in, a figure out: every picture of the lesson.

- Digits: :func:`digit_grid`, :func:`view_classify`, :func:`misread_digits`.
- What an image is to a network: :func:`digit_values`, :func:`rows_end_to_end`.
- What units look for, and where a network decides: :func:`one_unit`, :func:`unit_weights`,
  :func:`decision_regions`.
- Networks: :func:`network_diagram`, :func:`layer_activations`, :func:`tensor_shapes`.
- Curves: :func:`line_chart`, :func:`activation_functions`, :func:`scale_curves`.
- Training: :func:`training_curves`, :func:`confusion_matrix`.
- Distributions: :func:`histograms`. A few numbers: :func:`bar_charts`.

Images hold numbers from -1 (paper) to 1 (ink). A single image has the shape (1, 28, 28), (28, 28)
or (784,); a batch has the shape (N, 1, 28, 28) or (N, 784). No function changes a tensor, shows a
window, or sets a global option of matplotlib. Every figure has a title. Its label,
``figure.get_label()``, says in sentences computed from the data what is to be seen: it is the
alternative text on the lesson's pages. An argument of the wrong shape raises ``ValueError``, and no
figure is opened.
"""

from mnistlesson.plots.bars import bar_charts
from mnistlesson.plots.curves import activation_functions, line_chart
from mnistlesson.plots.digits import digit_grid, misread_digits, view_classify
from mnistlesson.plots.distributions import histograms
from mnistlesson.plots.networks import layer_activations, network_diagram
from mnistlesson.plots.pixels import digit_values, rows_end_to_end
from mnistlesson.plots.regions import decision_regions
from mnistlesson.plots.scales import scale_curves
from mnistlesson.plots.shapes import tensor_shapes
from mnistlesson.plots.training import confusion_matrix, training_curves
from mnistlesson.plots.units import one_unit, unit_weights

__all__ = [
    "activation_functions",
    "bar_charts",
    "confusion_matrix",
    "decision_regions",
    "digit_grid",
    "digit_values",
    "histograms",
    "layer_activations",
    "line_chart",
    "misread_digits",
    "network_diagram",
    "one_unit",
    "rows_end_to_end",
    "scale_curves",
    "tensor_shapes",
    "training_curves",
    "unit_weights",
    "view_classify",
]
