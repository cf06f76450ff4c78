"""
The Avro schemas of all records, and the codec made of them.

`<record>.avsc` is the current schema of a record class; `published/` keeps
every version that data may have been written with, so that all of it stays
readable. What was published is never edited.

Words that come from a list (a stage, a kind, a status) are Avro strings, not
enums, on purpose. Validation refuses an unknown word with its name, where an
enum would either make the whole record unreadable to an older reader or turn
the word silently into a default: a wrong fact.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from accolade.streams import records
from accolade.streams.codecs import Codec
from accolade.streams.records import Record
from accolade.streams.registry import ConfluentRegistry
from accolade.streams.schemas import RecordSchema
from accolade.streams.settings import Settings

_FOLDER = files(__name__)
_SUFFIX = ".avsc"


def codec_for(settings: Settings) -> Codec:
    """Return the codec of all records, with the settings' registry if they name one."""
    named = settings.schema_registry_url is not None
    return Codec(load_schemas(), ConfluentRegistry.of(settings) if named else None)


@cache
def load_schemas() -> tuple[RecordSchema, ...]:
    """Return the schemas of all record classes, by the names of their files."""
    classes = {file_stem(kind): kind for kind in (getattr(records, n) for n in records.__all__)}
    stems = sorted(
        entry.name.removesuffix(_SUFFIX)
        for entry in _FOLDER.iterdir()
        if entry.name.endswith(_SUFFIX)
    )
    return tuple(
        RecordSchema(classes[stem], _read(f"{stem}{_SUFFIX}"), tuple(_published(stem)))
        for stem in stems
    )


def file_stem(record: type[Record]) -> str:
    """Return the name of a record class's schema file, without its suffix."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", record.__name__).lower()


def _published(stem: str) -> Iterator[dict[str, Any]]:
    """Yield the published versions of a schema, from the first on without a gap."""
    version = 1
    while (_FOLDER / "published" / f"{stem}.{version}{_SUFFIX}").is_file():
        yield _read(f"published/{stem}.{version}{_SUFFIX}")
        version += 1


def _read(path: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((_FOLDER / path).read_text("utf-8"))
    return schema
