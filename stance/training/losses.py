"""Losses over the two heads. Pure functions of logits and label distributions."""

from __future__ import annotations

from dataclasses import dataclass

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


def cross_entropy(logits: Tensor, target: Tensor, weights: Tensor) -> Tensor:
    """Weighted cross-entropy to label distributions; a target of zeros counts nothing.

    Args:
        logits: shape (…, 3).
        target: shape (…, 3), rows sum to 1 or are 0.
        weights: shape (3,).
    """
    weighted = target * weights
    loss = -(weighted * functional.log_softmax(logits.float(), dim=-1)).sum()
    return loss / weighted.sum().clamp(min=1.0)


def batch_loss(
    outputs: tuple[Tensor, Tensor],
    targets: Targets,
    weights: LabelWeights,
    *,
    sentiment_weight: float,
) -> Tensor:
    """Loss of one forward pass over both heads."""
    sentiment, stance = outputs
    loss = sentiment_weight * cross_entropy(sentiment, targets.sentiment, weights.sentiment)
    if stance.numel():
        loss = loss + cross_entropy(stance, targets.stance, weights.stance)
    return loss
