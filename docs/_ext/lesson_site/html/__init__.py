"""The HTML of every page: head, search, images, formulas, addresses."""
