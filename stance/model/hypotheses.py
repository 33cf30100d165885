"""Zero-shot stance by entailment: the sentences that stand for a stance, and how they make a score.

The only place where hypotheses stand. Knows no network.

A comment entails "the author supports X" with probability f, and "the author opposes X" with
probability a, each asked on its own: entailment against every other label of the model, as in
Yin, Hay and Roth, "Benchmarking Zero-shot Text Classification", EMNLP 2019, section 5. The two
answers are taken as independent; one without the other is a stance, and neither or both is none
("both" is praise and blame in balance):

    favor = f (1 − a),    against = a (1 − f),    none = (1 − f)(1 − a) + f a

so that the three always sum to 1, without a threshold and without a parameter fitted to data.
That last step is our own and has not been calibrated.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stance.labels import Stance
from stance.targets import Target

FAVOR = "The author of this comment supports {name}."
AGAINST = "The author of this comment opposes {name}."
WITH_ARTICLE = ("us", "uk")
"""Keys of targets whose name reads with "the" in a sentence; a person types it where it is needed."""


def hypotheses(target: Target) -> tuple[str, str]:
    """The sentences for and against a target.

    >>> from stance.targets import load_targets
    >>> hypotheses(load_targets()[0])[0]
    'The author of this comment supports the United States.'
    """
    name = f"the {target.name}" if target.key in WITH_ARTICLE else target.name
    return FAVOR.format(name=name), AGAINST.format(name=name)


def stance_from_entailment(entailed: NDArray[np.float32]) -> NDArray[np.float32]:
    """Stance probabilities, shape (…, 3) in label order, from entailment of both hypotheses, (…, 2).

    >>> stance_from_entailment(np.array([0.9, 0.2], dtype=np.float32)).round(2).tolist()
    [0.019999999552965164, 0.25999999046325684, 0.7200000286102295]
    """
    favor, against = entailed[..., 0].astype(np.float64), entailed[..., 1].astype(np.float64)
    parts = {
        Stance.FAVOR: favor * (1 - against),
        Stance.AGAINST: against * (1 - favor),
        Stance.NONE: (1 - favor) * (1 - against) + favor * against,
    }
    return np.stack([parts[label] for label in Stance], axis=-1).astype(np.float32)
