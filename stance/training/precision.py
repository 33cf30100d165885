"""Where training computes in bfloat16. Scoring never does: it flips labels (docs/decisions.md)."""

from __future__ import annotations

import torch


def mixed_precision(device: torch.device) -> torch.autocast:
    """bfloat16 on a GPU, float32 on a CPU.

    On a CPU without bfloat16 instructions a step took a hundred times longer in bfloat16
    (measured on AMD Zen 1: 100 short texts, over ten minutes).
    """
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=device.type == "cuda")
