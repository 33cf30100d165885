"""What a user would pick instead of ours, for benchmarks.throughput: shapes with random weights."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tokenizers import Tokenizer, models, pre_tokenizers, processors, trainers
from transformers import (
    DebertaV2Config,
    DebertaV2ForSequenceClassification,
    PreTrainedTokenizerFast,
    RobertaConfig,
    RobertaForSequenceClassification,
    pipeline,
)

from stance.labels import Stance
from stance.records import Comment
from stance.targets import load_targets

WORD_PIECES_A_WORD = 1.35
"""Of RoBERTa's vocabulary in English comments."""


def _tokenizer(comments: Sequence[Comment]) -> PreTrainedTokenizerFast:
    """A small byte-level one, of as many pieces as give RoBERTa's number of them a word."""
    texts = [comment.text for comment in comments]
    n_words = sum(len(text.split()) for text in texts)
    best = None
    for size in (300, 350, 400, 500, 600, 800, 1000, 1300, 1700, 2300, 3000, 4000):
        made = Tokenizer(models.BPE(unk_token="<unk>"))
        made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
        special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
        made.train_from_iterator(
            texts, trainers.BpeTrainer(vocab_size=size, special_tokens=special, show_progress=False)
        )
        pieces = sum(len(found.ids) for found in made.encode_batch(texts)) / n_words
        off = abs(pieces - WORD_PIECES_A_WORD)
        if best is None or off < best[0]:
            best = off, made
    assert best is not None
    made = best[1]
    made.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0))
    return PreTrainedTokenizerFast(
        tokenizer_object=made, bos_token="<s>", cls_token="<s>", eos_token="</s>", sep_token="</s>",
        pad_token="<pad>", unk_token="<unk>", mask_token="<mask>", model_max_length=512,
    )  # fmt: skip


def pair_pass(comments: Sequence[Comment]) -> Callable[[Sequence[Comment]], None]:
    """Sentiment of each comment, then stance of it with each target's name as the second text."""
    config = RobertaConfig(
        vocab_size=50_265, num_labels=3, max_position_embeddings=514, type_vocab_size=1
    )
    model = RobertaForSequenceClassification(config).eval()
    classify = pipeline(
        "text-classification", model=model, tokenizer=_tokenizer(comments), device="cpu", batch_size=32
    )

    def work(some: Sequence[Comment]) -> None:
        texts = [comment.text for comment in some]
        classify(texts, truncation=True)
        for target in load_targets():
            classify([{"text": text, "text_pair": target.name} for text in texts], truncation=True)

    return work


def zero_shot_pass(comments: Sequence[Comment]) -> Callable[[Sequence[Comment]], None]:
    """One hypothesis for each target and label, and one for each sentiment."""
    config = DebertaV2Config(
        vocab_size=128_100, hidden_size=768, num_hidden_layers=12, num_attention_heads=12,
        intermediate_size=3_072, relative_attention=True, position_buckets=256, norm_rel_ebd="layer_norm",
        share_att_key=True, pos_att_type=["p2c", "c2p"], max_relative_positions=-1,
        position_biased_input=False, type_vocab_size=0, max_position_embeddings=512,
        label2id={"entailment": 0, "neutral": 1, "contradiction": 2},
        id2label={0: "entailment", 1: "neutral", 2: "contradiction"},
    )  # fmt: skip
    model = DebertaV2ForSequenceClassification(config).eval()
    classify = pipeline(
        "zero-shot-classification", model=model, tokenizer=_tokenizer(comments), device="cpu", batch_size=32
    )

    def work(some: Sequence[Comment]) -> None:
        texts = [comment.text for comment in some]
        classify(texts, ["negative", "neutral", "positive"], hypothesis_template="This is {}.")
        for target in load_targets():
            template = "This comment is {} " + target.name + "."
            classify(texts, [str(side) for side in Stance], hypothesis_template=template)

    return work
