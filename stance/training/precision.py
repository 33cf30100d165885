"""Where training computes in bfloat16. Scoring never does: it flips labels."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import torch
from torch.nn.attention import SDPBackend, sdpa_kernel

Precision = Literal["mixed", "float32"]


@contextmanager
def mixed_precision(device: torch.device, precision: Precision) -> Iterator[None]:
    """If "mixed", bfloat16 on a GPU and on a CPU with instructions for it; else float32.

    On a CPU without bfloat16 instructions a step took a hundred times longer in bfloat16 (measured
    on AMD Zen 1: 100 short texts, over ten minutes). With AMX it takes half the time of float32,
    with AVX-512's bfloat16 products a third (AMD Zen 5, both base encoders).
    """
    cpu = torch.cpu.get_capabilities()
    has_it = device.type == "cuda" or any(cpu.get(name) for name in ("amx_bf16", "avx512_bf16"))
    half = bool(has_it) and precision == "mixed"
    # For heads as small as MiniLM's the plain products are faster on a CPU than fused attention:
    # a training step of 3,300 tokens took 0.9 s instead of 1.2 s. Of the fused ones this one takes
    # a mask and has a deterministic backward pass.
    kernels = [SDPBackend.MATH]
    if device.type == "cuda":
        kernels.insert(0, SDPBackend.EFFICIENT_ATTENTION)
    with torch.autocast(device.type, dtype=torch.bfloat16, enabled=half), sdpa_kernel(kernels):
        yield
