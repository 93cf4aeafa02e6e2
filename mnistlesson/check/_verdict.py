"""What a check answers: right or not, why, and what to try next."""

import enum
import html
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TextIO


class Level(enum.Enum):
    """How far an answer has come: its word, its mark, its colour in a terminal and in a notebook.

    Examples:
        >>> from mnistlesson import check
        >>> [level.word for level in check.Level]
        ['right', 'right, with a note', 'not yet', 'error', 'no answer yet']
    """

    RIGHT = ("right", "✓", 32, "#128055")
    NOTE = ("right, with a note", "✓", 36, "#2373b0")
    NOT_YET = ("not yet", "✗", 33, "#a36200")
    ERROR = ("error", "✗", 31, "#c8401c")
    OPEN = ("no answer yet", "·", 90, "#6b7480")

    def __init__(self, word: str, mark: str, colour: int, shade: str) -> None:
        """Keep the four apart."""
        self.word = word
        self.mark = mark
        self.colour = colour
        self.shade = shade


_MARKS = str.maketrans("✓✗·", "+x-")


def printable(text: str, stream: TextIO | None) -> str:
    """Return a text as far as a stream can show it: its encoding may not have all characters."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.translate(_MARKS).encode(encoding, "replace").decode(encoding)
    return text


class NotYetError(AssertionError):
    """Raised by :meth:`~mnistlesson.check.Verdict.require` for an answer that is not right.

    Examples:
        >>> from mnistlesson import check
        >>> try:
        ...     check.flatten(lambda images: images.view(-1)).require()
        ... except check.NotYetError as error:
        ...     print(error)
        ✗ flatten: not yet. You merged the images with one another.
            64 images give (50176,), not (64, 784).
            For a hint: .hint()
    """


@dataclass(frozen=True)
class Verdict:
    """The answer of a check. True where the learner's answer is right.

    Shown by a terminal, a notebook or a log in the form that suits it. Hints come one at a time, on
    request: a question, then the property that fails with your own numbers, then code.

    Examples:
        >>> from mnistlesson import check
        >>> verdict = check.flatten(lambda images: images.view(-1))
        >>> bool(verdict), verdict.code
        (False, 'flatten-everything')
        >>> verdict
        ✗ flatten: not yet. You merged the images with one another.
            64 images give (50176,), not (64, 784).
            For a hint: .hint()
    """

    exercise: str
    """Which exercise was checked, such as ``"softmax"``."""
    level: Level
    code: str
    """Which mistake it is, such as ``"softmax-columns"``; ``"right"`` where there is none."""
    says: str
    """One sentence."""
    evidence: tuple[str, ...] = ()
    """What the answer was seen to do, with its own numbers."""
    hints: tuple[str, ...] = ()
    see: str = ""
    """The anchor of the error or silent failure on the site, such as ``"error-dim"``, if any."""
    _given: list[str] = field(default_factory=list, repr=False, compare=False)

    def __bool__(self) -> bool:
        """Tell whether the answer is right."""
        return self.level in {Level.RIGHT, Level.NOTE}

    @property
    def link(self) -> str:
        """The address of the explanation, within the site.

        Examples:
            >>> from mnistlesson import check
            >>> check.flatten(lambda images: images.view(784, -1)).link
            'exercises/mistakes/flatten.html#flatten-pixels-first'
        """
        if self.code == "right":
            return f"exercises/{self.exercise}.html"
        # A sequence of classes can make the mistakes of a class: its page has them.
        page = self.code.partition("-")[0]
        return f"exercises/mistakes/{page}.html#{self.code}"

    @property
    def entry(self) -> str:
        """The address of the error or silent failure, within the site; empty where none is.

        Examples:
            >>> from mnistlesson import check
            >>> check.flatten(lambda images: images.view(64, -1)).entry
            'silent.html#silent-view'
        """
        page = "errors" if self.see.startswith("error-") else "silent"
        return f"{page}.html#{self.see}" if self.see else ""

    def hint(self) -> str:
        """Return the next hint: three at most, then the place where the site explains it.

        Examples:
            >>> from mnistlesson import check
            >>> verdict = check.flatten(lambda images: images.view(784, -1))
            >>> verdict.hint()
            'Which axis of the result should number the images?'
            >>> verdict.hint()
            '64 images give (784, 64), not (64, 784).'
        """
        if len(self._given) == len(self.hints):
            return f"No more hints. The lesson explains it: {self.link}"
        self._given.append(self.hints[len(self._given)])
        return self._given[-1]

    def require(self) -> None:
        """Do nothing where the answer is right.

        Raises:
            NotYetError: It is not; the message is the verdict.

        Examples:
            >>> from mnistlesson import check
            >>> check.flatten(lambda images: images.flatten(1)).require()
        """
        if not self:
            raise NotYetError(self.plain())

    def plain(self, *, colour: bool = False) -> str:
        """Return the verdict as text.

        Args:
            colour: Whether to set the first words in colour, as terminals do it.

        Examples:
            >>> from mnistlesson import check
            >>> print(check.flatten(lambda images: images.flatten(1)).plain())
            ✓ flatten: right. Your function does what it should.
        """
        head = f"{self.level.mark} {self.exercise}: {self.level.word}"
        if colour:
            head = f"\033[{self.level.colour}m{head}\033[0m"
        lines = [f"{head}. {self.says}", *(f"    {line}" for line in self.evidence)]
        if self.entry:
            lines.append(f"    The site explains it: {self.entry}")
        if not self and len(self._given) < len(self.hints):
            lines.append("    For a hint: .hint()")
        return "\n".join(lines)

    def __repr__(self) -> str:
        """Return the verdict as a terminal shows it; without colour where there is none."""
        # Programs without a window have no standard output.
        terminal = sys.stdout is not None and sys.stdout.isatty() and "NO_COLOR" not in os.environ
        text = self.plain(colour=terminal and os.environ.get("TERM") != "dumb")
        return printable(text, sys.stdout)

    __str__ = __repr__

    def _repr_html_(self) -> str:
        """Return the verdict as a notebook shows it. Everything in it is escaped."""
        links = {} if self else {self.link: "What this is about"}
        if self.entry:
            links[self.entry] = "The error" if self.see.startswith("error-") else "The failure"
        return self.html({text: f"../{address}" for address, text in links.items()})

    def html(self, links: Mapping[str, str]) -> str:
        """Return the verdict as HTML that needs no style sheet, on a light and on a dark page.

        Args:
            links: The texts of the links under it, and their addresses.

        Examples:
            >>> from mnistlesson import check
            >>> "right." in check.flatten(lambda images: images.flatten(1)).html({})
            True
        """
        name = self.level.name.lower().replace("_", "-")
        lines = "".join(f"<li><code>{html.escape(line)}</code></li>" for line in self.evidence)
        evidence = f'<ul style="{_LIST}">{lines}</ul>' if lines else ""
        told = " ".join(
            f'<a href="{html.escape(address)}">{html.escape(text)}</a>'
            for text, address in links.items()
        )
        more = f'<p class="verdict-more" style="margin:.5em 0 0">{told}</p>' if told else ""
        return (
            f'<div class="verdict {name}" style="--verdict:{self.level.shade};{_BOX}">'
            f'<p style="margin:0"><span class="verdict-mark" style="{_MARK}" aria-hidden="true">'
            f"{self.level.mark}</span> <strong>{html.escape(self.exercise)}: {self.level.word}."
            f"</strong> {html.escape(self.says)}</p>{evidence}{more}</div>"
        )


# A notebook has no style of ours, and may be light or dark: the colour of the level is told apart
# on both, and the text keeps the notebook's own.
_BOX = (
    "border:1px solid var(--verdict);border-left-width:4px;border-radius:8px;padding:.75em 1em;"
    "background:color-mix(in srgb,var(--verdict) 8%,transparent)"
)
_LIST = "list-style:none;margin:.5em 0 0;padding:0"
_MARK = (
    "display:inline-block;width:1.5em;border-radius:50%;background:var(--verdict);color:#fff;"
    "line-height:1.5em;text-align:center"
)
