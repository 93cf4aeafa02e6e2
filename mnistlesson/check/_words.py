"""The one way in which a sentence with values is made: a whole template, with named places."""


def say(template: str, **places: object) -> str:
    """Put values into a sentence.

    Args:
        template: The sentence, such as ``"Row {row} sums to {total:.4g}, not to 1."``.
        places: What stands in its places.
    """
    return template.format(**places)
