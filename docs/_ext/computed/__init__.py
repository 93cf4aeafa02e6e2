"""What the site shows and the build computes: each module is called in a run (``running``).

Nothing here is imported by Sphinx itself, which therefore starts without PyTorch.
"""
