"""Losses over the two heads. Pure functions of logits and label distributions."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from stance.training.batches import Targets


@dataclass(frozen=True, slots=True)
class LabelWeights:
    """Weight of each label in the loss of each head, shape (3,)."""

    sentiment: Tensor
    stance: Tensor


def label_weights(targets: Targets, *, power: float) -> LabelWeights:
    """Weights by frequency to the power of `-power`, mean one over the labelled pairs.

    `power` 0 weights all alike, 1 gives every label the same total weight.
    """

    def weights(distributions: Tensor) -> Tensor:
        counts = distributions.reshape(-1, distributions.shape[-1]).sum(dim=0).clamp(min=1.0)
        raw = (counts / counts.sum()) ** -power
        return raw * counts.sum() / (raw * counts).sum()

    return LabelWeights(weights(targets.sentiment), weights(targets.stance))


def cross_entropy(logits: Tensor, target: Tensor, weights: Tensor, smoothing: float) -> Tensor:
    """Weighted cross-entropy to label distributions; a target of zeros counts nothing.

    Args:
        logits: shape (…, 3).
        target: shape (…, 3), rows sum to 1 or are 0.
        weights: shape (3,).
        smoothing: share of each label's mass that is spread over all labels.
    """
    known = target.sum(dim=-1, keepdim=True)
    smoothed = target * (1 - smoothing) + known * smoothing / target.shape[-1]
    weighted = smoothed * weights
    loss = -(weighted * functional.log_softmax(logits.float(), dim=-1)).sum()
    return loss / (target * weights).sum().clamp(min=1.0)


def symmetric_divergence(one: Tensor, other: Tensor, target: Tensor) -> Tensor:
    """Mean symmetric KL divergence of two predictions where a label is known (R-Drop)."""
    p, q = (functional.log_softmax(logits.float(), dim=-1) for logits in (one, other))
    divergence = ((p.exp() - q.exp()) * (p - q)).sum(dim=-1) / 2
    known = target.sum(dim=-1)
    return (divergence * known).sum() / known.sum().clamp(min=1.0)


def batch_loss(
    outputs: tuple[Tensor, Tensor],
    targets: Targets,
    weights: LabelWeights,
    *,
    sentiment_weight: float,
    smoothing: float,
) -> Tensor:
    """Loss of one forward pass over both heads."""
    sentiment, stance = outputs
    loss = sentiment_weight * cross_entropy(
        sentiment, targets.sentiment, weights.sentiment, smoothing
    )
    if stance.numel():
        loss = loss + cross_entropy(stance, targets.stance, weights.stance, smoothing)
    return loss


def consistency_loss(
    outputs: tuple[Tensor, Tensor], again: tuple[Tensor, Tensor], targets: Targets
) -> Tensor:
    """R-Drop's divergence between two dropout passes, summed over both heads."""
    total: Tensor = torch.zeros((), device=outputs[0].device)
    for one, other, target in zip(
        outputs, again, (targets.sentiment, targets.stance), strict=True
    ):
        if target.numel():
            total = total + symmetric_divergence(one, other, target)
    return total
