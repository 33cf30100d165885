"""How many CPU threads the model computes with."""

from __future__ import annotations

import os

import torch


def use_threads(n_threads: int | None) -> None:
    """Set torch's threads; None means one fewer than cores.

    With as many threads as cores, any other busy process on the machine makes a forward pass
    several times slower: every parallel region waits for the thread that lost its core.
    """
    torch.set_num_threads(n_threads or max(1, (os.cpu_count() or 2) - 1))


def threads_in_use() -> int:
    """How many threads torch computes with."""
    return torch.get_num_threads()
