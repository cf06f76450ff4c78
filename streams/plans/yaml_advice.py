"""
What is wrong with a text that isn't YAML, in words of the file.

The parser says what it met; people want to know what they have written, and what to
write instead.
"""

import re
from typing import NamedTuple

from accolade.streams.plans.findings import Place

_KEY_AND_TWO_VALUES = re.compile(r"(?P<key>[\w-]+):\s+(?P<value>[^\"'\[{#].*:\s.*)")
_KEY_ALONE = re.compile(r"[\w-]+:(\s|$)")
_NO_SPACE = re.compile(r"(?P<key>[\w-]+):(?P<value>[^\s].*)")
_PERCENT_BEFORE = re.compile(r"%([0-9.]+)")


class Advice(NamedTuple):
    """What is wrong at a place of the text, and what to write instead."""

    place: Place
    message: str
    fix: str = ""


def advice_on(text: str, problem: str, at: Place, begun: Place | None) -> Advice:
    """
    Return what is wrong with a text.

    Args:
        text: The text.
        problem: What the parser says.
        at: Where it says so.
        begun: Where that began which it was reading, if it tells.
    """
    lines = text.splitlines()
    line = lines[at.line - 1] if at.line <= len(lines) else ""
    indentation = line[: len(line) - len(line.lstrip())]
    if "\t" in indentation:
        place = Place(at.line, indentation.index("\t") + 1)
        return Advice(place, "has a tab here, and YAML is indented with spaces only", "spaces")
    found = (
        _of_value(line, problem, at)
        or _of_bracket(problem, at, begun)
        or _of_space(lines, problem, begun)
        or _of_indentation(lines, problem, at)
    )
    return found or Advice(at, f"is not YAML: {problem}")


def _of_value(line: str, problem: str, at: Place) -> Advice | None:
    said = line.strip().removeprefix("- ")
    if two := _KEY_AND_TWO_VALUES.fullmatch(said) if "mapping values" in problem else None:
        says = f"has `: ` in the value of `{two['key']}`: quote the value"
        return Advice(at, says, f'{two["key"]}: "{two["value"]}"')
    if "cannot start any token" not in problem:
        return None
    first = line[at.column - 1 : at.column]
    if percent := _PERCENT_BEFORE.match(line, at.column - 1):
        return Advice(at, "has `%` before a number: write it behind", f"{percent[1]}%")
    return Advice(at, f"has a value that begins with `{first}`: quote the value")


def _of_bracket(problem: str, at: Place, begun: Place | None) -> Advice | None:
    if "expected ',' or" in problem and begun:
        bracket = "}" if "'}'" in problem else "]"
        where = f"line {at.line}, column {at.column}"
        says = f"has a bracket here that is not closed: {where} is no `,` and no `{bracket}`"
        return Advice(begun, says)
    if "unexpected end of stream" in problem and begun:
        return Advice(begun, "has a quotation mark here that is never closed")
    return None


def _of_space(lines: list[str], problem: str, begun: Place | None) -> Advice | None:
    if "could not find expected ':'" not in problem or begun is None:
        return None
    said = lines[begun.line - 1].strip().removeprefix("- ")
    without = _NO_SPACE.fullmatch(said)
    if without is None:
        return Advice(begun, "has a line here that is no `key: value`")
    fix = f"{without['key']}: {without['value']}"
    return Advice(begun, "has no space behind the colon here", fix)


def _of_indentation(lines: list[str], problem: str, at: Place) -> Advice | None:
    is_key = _KEY_ALONE.match(lines[at.line - 1].strip()) if at.line <= len(lines) else None
    if not ("<block end>" in problem or ("mapping values" in problem and is_key)):
        return None
    above = [n for n in range(at.line - 1) if _says(lines[n])]
    if not above:
        return None
    here, there = _depth(lines[at.line - 1]), _depth(lines[above[-1]])
    place = Place(at.line, here + 1)
    if here > there:
        says = f"is indented deeper here than line {above[-1] + 1}, which has its value already"
        return Advice(place, says, f"{_spaces(there)} before it, to stand beside that line")
    depths = sorted({_depth(lines[n]) for n in above})
    near = [*[d for d in depths if d < here][-1:], *[d for d in depths if d > here][:1]]
    says = f"has {_spaces(here)} before this line, as no line above that it could stand beside"
    return Advice(place, says, f"{' or '.join(map(str, near))} spaces before it")


def _says(line: str) -> bool:
    return bool(line.strip()) and not line.strip().startswith("#")


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


def _spaces(count: int) -> str:
    return "no space" if count == 0 else "1 space" if count == 1 else f"{count} spaces"
