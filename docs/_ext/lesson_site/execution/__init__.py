"""Execute all that the site shows, before Sphinx typesets it.

A step, the cells of a page, what a directive computes: each is a task, executed in a process of its
own (``pool``), and not again while its cached result (``cache``) is fresh. The results go where
sphinx-gallery (``gallery``), MyST-NB (``notebooks``) and the directives (``directive``) look for
them, so that they execute nothing themselves. ``extension`` connects it with Sphinx.
"""
