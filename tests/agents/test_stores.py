"""Where a worker keeps its state is a setting."""

import sys

import pytest

from accolade.agents.app import stores_of
from accolade.streams.engine.stores import in_memory
from accolade.streams.settings import Settings
from accolade.streams.settings_file import SettingsError


def test_memory_is_the_default():
    """It needs nothing beside the topics."""
    assert stores_of(Settings()) is in_memory


def test_state_on_disk_lies_in_the_data_folder(tmp_path):
    """A task of a changelog has a folder of its own."""
    store = stores_of(Settings(store="rocksdb", data_dir=tmp_path))("log", 3, ())

    assert (tmp_path / "state" / "log" / "3").is_dir()
    store.close()


def test_a_missing_package_is_named(monkeypatch):
    """With what to install."""
    monkeypatch.delitem(sys.modules, "accolade.streams.engine.rocks_store", raising=False)
    monkeypatch.setitem(sys.modules, "rocksdict", None)

    with pytest.raises(SettingsError, match=r"install accolade\[rocksdb\]"):
        stores_of(Settings(store="rocksdb"))
