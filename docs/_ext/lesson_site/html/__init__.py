"""The HTML of every page: head, search, cells, formulas, addresses."""
