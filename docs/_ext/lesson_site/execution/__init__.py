"""Execute all that the site shows, before Sphinx typesets it.

Each step, page with cells, or result of a directive is a task, executed in a process of its own
(``pool``), and not again while its result (``cache``) is fresh. sphinx-gallery (``gallery``),
MyST-NB (``notebooks``) and directives (``directive``) take the results, and execute nothing.
"""
