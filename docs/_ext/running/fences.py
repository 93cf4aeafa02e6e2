"""The cells of a page, as they stand in its text."""

import re

CELL = re.compile(
    r"^ {0,3}(?P<fence>[`~:]{3,})\{code-cell\}.*?^ {0,3}(?P=fence)", re.MULTILINE | re.DOTALL
)
"""A cell, with its options."""
