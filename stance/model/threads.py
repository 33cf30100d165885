"""How many CPU threads the models compute with. Loads none of them."""

from __future__ import annotations

import os

_asked: int | None = None


def use_threads(n_threads: int | None) -> None:
    """Choose the threads of models that are loaded from now on; None means one fewer than `cores`.

    With as many threads as cores, any other busy process on the machine makes a forward pass
    several times slower: every parallel region waits for the thread that lost its core.
    """
    global _asked
    _asked = n_threads


def threads_in_use() -> int:
    """How many threads a model that is loaded now computes with."""
    return _asked or max(1, cores() - 1)


def cores() -> int:
    """How many cores this process may use: fewer than the machine has under taskset, say."""
    if hasattr(os, "sched_getaffinity"):  # not on macOS and Windows
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 2
