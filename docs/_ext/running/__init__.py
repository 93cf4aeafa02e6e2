"""Execute all that the site shows, before Sphinx typesets it.

A step, the cells of a page, what a directive computes: each is a run (``runs``), in a process of
its own (``workers``). A run whose result still holds is not made again. What one shows goes where
sphinx-gallery (``gallery``), MyST-NB (``pages``) and the directives (``results``) take it from;
they execute nothing themselves. ``build`` is the Sphinx extension that has it done.
"""
