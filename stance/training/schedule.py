"""How the learning rate goes over a stage."""

from __future__ import annotations


def warmup_rate(step: int, n_steps: int, warmup: float) -> float:
    """Linear up over the share `warmup` of the steps, then linear down to zero.

    >>> [round(warmup_rate(step, 10, 0.2), 2) for step in (0, 1, 2, 6, 10)]
    [0.5, 1.0, 1.0, 0.5, 0.0]
    """
    rise = max(1, int(n_steps * warmup))
    if step < rise:
        return (step + 1) / rise
    return max(0.0, (n_steps - step) / max(1, n_steps - rise))
