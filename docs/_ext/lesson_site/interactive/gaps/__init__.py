"""Fill the gaps: a program of an exercise with gaps, and the check's verdict on what fills them."""
