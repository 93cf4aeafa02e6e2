"""The network of the home page: a digit goes through it, to ten bars."""
