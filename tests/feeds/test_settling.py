"""feeds/settling.py: what a process loaded is looked through once."""

import gc
import sys
import types

import pytest

from feeds.settling import Settled, settle


@pytest.fixture
def _unsettled(monkeypatch):
    monkeypatch.setattr(Settled, "modules", 0)
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("_unsettled")
def test_what_modules_made_is_looked_through_no_more_and_what_comes_later_is(monkeypatch):
    settle()
    settled = gc.get_freeze_count()
    assert settled > 1_000

    kept: list[list[int]] = [[] for _ in range(2_000)]
    settle()
    assert gc.get_freeze_count() <= settled  # nothing was loaded since: these are a task's own

    monkeypatch.setitem(sys.modules, "loaded_since", types.ModuleType("loaded_since"))
    settle()
    assert gc.get_freeze_count() >= settled + len(kept)
