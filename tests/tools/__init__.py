"""Commands of the Makefile that are no tests: an audit, a benchmark, the making of the digits."""
