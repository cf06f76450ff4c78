"""What is wrong with a line of a file."""

from dataclasses import dataclass

#: A value is shown no longer than this; what is wrong stands at its beginning as a rule.
SHOWN_CHARACTERS = 60


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with one line."""

    line: int
    #: A word to count by: `empty`, `not_a_time`, `invalid`, …
    reason: str
    #: What is wrong, for people.
    message: str
    #: The columns it is about; none for a constant or the line as a whole.
    columns: tuple[str, ...] = ()
    #: What stands there; None where showing it helps nobody.
    value: str | None = None

    def described(self) -> str:
        """Return the problem without file and line."""
        where = ""
        if self.columns:
            names = ", ".join(f"'{name}'" for name in self.columns)
            where = f"column{'s' if len(self.columns) > 1 else ''} {names}: "
        shown = "" if self.value is None else f" (value '{shortened(self.value)}')"
        return f"{where}{self.message}{shown}"

    def located(self, file: str) -> str:
        """Return the problem as `FILE:line: column 'x': what is wrong (value 'y')`."""
        return f"{file}:{self.line}: {self.described()}"


def shortened(text: str) -> str:
    """Return `text` on one line, cut where it is too long to be shown."""
    line = "".join(character if character.isprintable() else "�" for character in text)
    if len(line) <= SHOWN_CHARACTERS:
        return line
    return line[: SHOWN_CHARACTERS - 1] + "…"
