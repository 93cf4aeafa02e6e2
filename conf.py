"""The site: what is read, what is executed, what is fatal. Built by ``make html``."""

import os
import sys
from importlib import metadata
from pathlib import Path

from sphinx.application import Sphinx

ROOT = Path(__file__).parent
# The package of this checkout, whichever is installed; and the extensions.
sys.path[:0] = [str(ROOT), str(ROOT / "docs" / "_ext")]
from mnistlesson._digits import in_use  # noqa: E402

project = "Building neural networks with PyTorch"
copyright = "the authors of mnistlesson"  # noqa: A001 - Sphinx's name for it
language = "en"

# Where the site will be, and its repository on GitHub: told by whoever publishes it, else unknown.
# What needs one of them is left out where it is empty.
html_baseurl = os.environ.get("MNISTLESSON_SITE") or os.environ.get("READTHEDOCS_CANONICAL_URL", "")
repository = os.environ.get("MNISTLESSON_REPOSITORY", "")

# What is read: the pages of docs/, and the steps that sphinx-gallery writes into docs/lesson/.
extensions = [
    "lesson_site",  # ours, in docs/_ext; first: what it executes is being prepared from here on
    # autodoc before sphinx-gallery, which looks for what it registers
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.napoleon",
    "sphinx.ext.intersphinx",
    "myst_nb",
    "sphinx_gallery.gen_gallery",
]
exclude_patterns = [
    ".*",  # of editors and systems, such as Emacs's .#page.md
    "**/.*",
    "_ext",
    "_inserts",
    "downloads",
    "lesson/*.ipynb",
    "lesson/sg_execution_times.rst",
]
source_suffix = {".rst": "restructuredtext", ".md": "myst-nb"}
# What the site adds to a step: a file of docs/_inserts/, before a heading.
inserts = {
    "lesson/03_raw_mlp": ("All units, all images", "one_unit.rst"),
    "lesson/04_softmax": ("Measure how sure it is", "softmax.rst"),
    "lesson/09_init": ("Follow the scale through the layers", "init.rst"),
}
# The parts of the lesson, by the steps with which they begin.
parts = {
    "01_digits": "From tensors alone",
    "05_module": "As PyTorch programs do",
    "09_init": "Start it, follow it, train it",
}
myst_enable_extensions = ["attrs_block", "attrs_inline", "colon_fence", "deflist"]
myst_heading_anchors = 3

# What is executed: every step, and the code cells of the pages. Both in processes of their own, by
# lesson_site.execution; sphinx-gallery and MyST-NB take the results from their own caches.
sphinx_gallery_conf = {
    "plot_gallery": False,
    "copyfile_regex": r"index\.rst",  # the page of all steps is ours
    "examples_dirs": str(ROOT / "gallery"),
    "gallery_dirs": str(ROOT / "docs" / "lesson"),
    "filename_pattern": r"\d\d_\w+\.py$",
    "ignore_pattern": r"^\.",  # of editors and systems
    "within_subsection_order": "FileNameSortKey",
    "image_scrapers": (
        "lesson_site.steps.scraper.figures",
        "lesson_site.interactive.scraper.weights",
    ),
    "capture_repr": (),  # a step prints what it shows
    "remove_config_comments": True,
    "doc_module": ("mnistlesson",),
    "download_all_examples": False,  # lesson_site.downloads packs them
    # Nothing that differs from one build to the next.
    "min_reported_time": sys.maxsize,
    "write_computation_times": False,
    "show_signature": False,
}
nb_execution_mode = "cache"
# From here: the cache would take a question mark in the path of the checkout for its end.
nb_execution_cache_path = os.path.relpath(ROOT / "build" / "jupyter_cache")
nb_code_prompt_show = "Show the {type}"
nb_code_prompt_hide = "Hide the {type}"
nb_render_error_lexer = "text"  # an error's message, in its own words, is no Python

# What is fatal: with -W -n, every warning, and every reference that leads nowhere. But for one
# that looks for spaces in the path of the checkout, too: lesson_site.steps checks a step's name.
suppress_warnings = ["sphinx_gallery.space_in_filename"]
autodoc_member_order = "bysource"
autosummary_generate = False  # a table of what the pages of the API have
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
napoleon_google_docstring = True
napoleon_numpy_docstring = False

linkcheck_timeout = 30
linkcheck_retries = 3

html_theme = "furo"
html_title = project
# From here: a path from the root of the disk would differ from one checkout to another.
html_static_path = ["docs/_static"]
templates_path = ["docs/_templates", "docs/_ext/lesson_site/html/templates"]
html_css_files = [
    *("tokens.css", "theme.css", "text.css", "page.css", "menus.css"),
    *("cell.css", "code.css", "figure.css", "step.css", "cards.css", "verdict.css"),
    *("reference.css", "lookup.css"),
    ("print.css", {"media": "print"}),
]
html_js_files = [
    (name, {"defer": "defer"}) for name in ("page.js", "marks.js", "search_words.js", "filter.js")
]
html_favicon = "docs/_static/favicon.svg"
html_math_renderer = "mathml"
html_search_scorer = "docs/_ext/lesson_site/html/search.js"
html_additional_pages = {"404": "404.html"}
html_copy_source = False
html_show_sourcelink = False
html_domain_indices = False  # the map of the API is better, and no page leads to these
html_scaled_image_link = False  # an image with a size is no link
html_theme_options: dict[str, list[str]] = {"top_of_page_buttons": []}
html_context = {
    # The exercises of each step, shown at its end.
    "exercises": {
        "lesson/01_digits": ["standardise"],
        "lesson/02_flatten": ["flatten"],
        "lesson/03_raw_mlp": ["mlp"],
        "lesson/04_softmax": ["softmax"],
        "lesson/05_module": ["transplant", "linear"],
        "lesson/06_functional": ["functional"],
        "lesson/07_activations": ["network"],
        "lesson/08_sequential": ["sequential"],
        "lesson/09_init": ["init"],
        "lesson/10_forward": ["predict"],
        "lesson/11_one_batch": ["gradient_step"],
        "lesson/12_training": ["train_epoch", "accuracy"],
    },
    # The steps whose networks read what is drawn on the digit pad.
    "on_the_pad": ["lesson/09_init", "lesson/10_forward", "lesson/12_training"],
    "versions": {
        "Python": ".".join(map(str, sys.version_info[:3])),
        "torch": metadata.version("torch"),
        "torchvision": metadata.version("torchvision"),
    },
}


def setup(app: Sphinx) -> None:
    """Say on which digits the site is built: the numbers on its pages depend on them."""
    digits = in_use()  # only now: lesson_site has looked for them
    app.config.html_context["digits"] = digits
    app.connect("builder-inited", lambda _: print(f"digits: {digits}"))  # noqa: T201
