"""What tasks are forked with: what takes long to import, and is not the project's."""

import IPython.core.interactiveshell
import matplotlib.backends.backend_svg
import matplotlib.pyplot as plt
import matplotlib_inline.backend_inline
import mnistlesson._torchvision  # torchvision, repaired, with torch
import myst_nb.core.read
import sphinx.cmd.build
import sphinx_gallery.gen_rst
from nbformat.v4 import new_notebook
from pygments.lexers import PythonLexer

PythonLexer()  # the first one compiles its patterns
new_notebook()  # and this one its schema
