"""
The mapping file: which column, or which constant, each field of a record comes from.

Documented for users in docs/publishing.md, "Mapping files".
"""

import re
from dataclasses import dataclass, field
from string import Formatter
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from accolade.streams.importing.kinds import KINDS
from accolade.streams.importing.values import DecimalFormat, TimeFormat
from accolade.streams.records import Record


class Part(BaseModel):
    """What all parts of a mapping have in common: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Decimals(Part):
    """How decimal numbers are written."""

    point: str = Field(default=".", min_length=1, max_length=1)
    group: str = Field(default="", max_length=1)
    strip: str = ""

    @model_validator(mode="after")
    def _can_be_told_apart(self) -> Self:
        if self.point == self.group:
            raise ValueError("`point` and `group` are the same character")
        return self

    def format(self) -> DecimalFormat:
        """Return it as the reader of amounts takes it."""
        return DecimalFormat(self.point, self.group, self.strip)


def _as_columns(value: object) -> object:
    return (value,) if isinstance(value, str) else value


class Source(Part):
    """
    Where one value comes from, and how it is written there.

    The text is taken from the first of the columns that isn't empty, from the
    constant, or from the template; then looked up in `values`, made a slug,
    and read as what the field holds. Empty text is the default, else null.
    """

    column: Annotated[tuple[str, ...], BeforeValidator(_as_columns)] = ()
    constant: str | None = None
    #: Text with columns in braces; empty when one of them is.
    template: str | None = None
    values: dict[str, str] | None = None
    #: In the terms of the record, as neither `values` nor `slug` touches it.
    default: str | None = None
    slug: bool = False
    #: See `accolade.streams.importing.values.TimeFormat`.
    time: str = "iso"
    zone: str | None = None
    decimal: Decimals = Decimals()

    @field_validator("zone")
    @classmethod
    def _zone_is_known(cls, zone: str | None) -> str | None:
        if zone is not None and zone not in available_timezones():
            raise ValueError(f"there is no time zone {zone!r}; write one like Europe/Berlin or UTC")
        return zone

    @field_validator("template")
    @classmethod
    def _template_is_plain(cls, template: str | None) -> str | None:
        if template is not None and not template_columns(template):
            raise ValueError("a template names at least one column in braces, like {rep}-{day}")
        return template

    @model_validator(mode="after")
    def _has_one_origin(self) -> Self:
        origins = [bool(self.column), self.constant is not None, self.template is not None]
        if sum(origins) != 1:
            raise ValueError("give exactly one of `column`, `constant` and `template`")
        return self

    def columns(self) -> tuple[str, ...]:
        """Return the columns that are read, in their order."""
        return self.column or template_columns(self.template or "")

    def template_parts(self) -> tuple[tuple[str, str], ...]:
        """Return the template as pairs of a plain text and the column behind it, if any."""
        parts = Formatter().parse(self.template or "")
        return tuple((plain, column or "") for plain, column, _, _ in parts)

    def time_format(self) -> TimeFormat:
        """Return how its time is written."""
        return TimeFormat(self.time, ZoneInfo(self.zone) if self.zone else None)


def template_columns(template: str) -> tuple[str, ...]:
    """
    Return the columns in a template's braces.

    Raises:
        ValueError: It has formats, conversions or unbalanced braces.
    """
    columns = []
    for _, name, form, conversion in Formatter().parse(template):
        if name is None:
            continue
        if not name or form or conversion:
            raise ValueError("braces in a template hold a column's name and nothing else")
        columns.append(name)
    return tuple(columns)


def _as_source(value: object) -> object:
    """Read `deal_id: opportunity_id` as `deal_id: {column: opportunity_id}`."""
    return {"column": value} if isinstance(value, str) else value


ShortSource = Annotated[Source, BeforeValidator(_as_source)]


class Each(Part):
    """A list in a JSON column, and where the fields of an item come from in each."""

    each: str
    item: dict[str, ShortSource]

    def columns(self) -> tuple[str, ...]:
        """Return the one column that holds the list."""
        return (self.each,)


class Items(Part):
    """A list whose items are named one by one; one whose columns are all empty is left out."""

    items: tuple[dict[str, ShortSource], ...]

    def columns(self) -> tuple[str, ...]:
        """Return the columns of all items."""
        return tuple(c for item in self.items for s in item.values() for c in s.columns())


class Texts(Part):
    """Names with a source each; a name whose text is empty is left out."""

    texts: dict[str, ShortSource]

    def columns(self) -> tuple[str, ...]:
        """Return the columns of all names."""
        return tuple(c for source in self.texts.values() for c in source.columns())


AnySource = Source | Each | Items | Texts


class Csv(Part):
    """How a CSV file is written."""

    delimiter: str = Field(default=",", min_length=1, max_length=1)
    encoding: str = "utf-8-sig"

    @field_validator("encoding")
    @classmethod
    def _encoding_is_known(cls, encoding: str) -> str:
        try:
            "".encode(encoding)
        except LookupError as error:
            raise ValueError(f"there is no encoding {encoding!r}") from error
        return encoding


class Head(Part):
    """A mapping file as it is written, before its fields are read by what they hold."""

    #: The kind of record it makes, as on the command line.
    record: str
    fields: dict[str, Any]
    csv: Csv = Csv()

    @field_validator("record")
    @classmethod
    def _record_is_known(cls, record: str) -> str:
        if record not in KINDS:
            raise ValueError(f"must be one of {', '.join(KINDS)}")
        return record


@dataclass(frozen=True)
class Mapping:
    """Where the fields of one kind of record come from."""

    record: type[Record]
    sources: dict[str, AnySource]
    csv: Csv = field(default_factory=Csv)
    #: The columns are called like the fields, and no other may be there.
    own_names: bool = False

    def columns_of(self, field: str) -> tuple[str, ...]:
        """Return the columns behind a field, which may be named like `team[0].rep_id`."""
        source = self.sources.get(re.split(r"[.\[]", field, maxsplit=1)[0])
        return source.columns() if source else ()

    def columns(self) -> tuple[str, ...]:
        """Return every column that is read, once each."""
        found = (c for source in self.sources.values() for c in source.columns())
        return tuple(dict.fromkeys(found))
