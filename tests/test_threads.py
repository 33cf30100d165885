"""How many threads compute where nobody says."""

import os

import pytest

from stance.model.threads import cores, threads_in_use, use_threads


@pytest.fixture(autouse=True)
def nobody_said():
    use_threads(None)
    yield
    use_threads(None)


@pytest.mark.parametrize(("usable", "threads"), [({5}, 1), ({0, 1}, 1), ({2, 4, 6, 8}, 3)])
def test_only_cores_that_this_process_may_use_count(monkeypatch, usable, threads):
    monkeypatch.setattr(os, "cpu_count", lambda: 64)
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: usable, raising=False)
    assert (cores(), threads_in_use()) == (len(usable), threads)
    use_threads(7)
    assert threads_in_use() == 7


def test_where_the_system_does_not_tell_all_cores_count(monkeypatch):
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    assert threads_in_use() == 7
