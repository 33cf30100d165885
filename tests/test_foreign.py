"""Foreign checkpoints, small ones made here: read as transformers reads them, or refused in words."""

import hashlib
import io
import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
import transformers
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from stance.errors import CheckpointError
from stance.labels import Stance
from stance.model import foreign_checks, hub
from stance.model.foreign import ForeignClassifier, load_any
from stance.model.hypotheses import hypotheses, stance_from_entailment
from stance.model.loading import describe
from stance.model.manifest import SHIPPED
from stance.targets import load_targets, typed_target

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,!?'@"
TEXTS = ["Putin must leave Ukraine alone!", "ok", "Well done Britain, I love it."]
TARGETS = [*load_targets()[2:], typed_target("NATO")]
KINDS = ["bert", "roberta", "deberta-v2", "xlm-roberta"]
MARKS = {
    "[]": {"cls_token": "[CLS]", "sep_token": "[SEP]", "pad_token": "[PAD]", "unk_token": "[UNK]",
           "mask_token": "[MASK]"},
    "<>": {"cls_token": "<s>", "bos_token": "<s>", "sep_token": "</s>", "eos_token": "</s>",
           "pad_token": "<pad>", "unk_token": "<unk>", "mask_token": "<mask>"},
}  # fmt: skip
SENTIMENT = ("negative", "neutral", "positive")
ENTAILMENT = ("contradiction", "neutral", "entailment")


def bert():
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *LETTERS, *("##" + c for c in LETTERS)]
    vocabulary = {piece: number for number, piece in enumerate(pieces)}
    return models.WordPiece(vocabulary, unk_token="[UNK]"), pre_tokenizers.BertPreTokenizer(), "[]"


def roberta():
    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    pieces = [*special, *sorted(pre_tokenizers.ByteLevel.alphabet())]
    model = models.BPE({piece: number for number, piece in enumerate(pieces)}, [], unk_token="<unk>")
    return model, pre_tokenizers.ByteLevel(add_prefix_space=False), "<>"


def unigram(*special):
    pieces = [(piece, 0.0) for piece in special[:4]]
    pieces += [("▁", -2.0), *((c, -3.0) for c in LETTERS), ("▁I", -1.0), (special[4], 0.0)]
    return models.Unigram(pieces, unk_id=3), pre_tokenizers.Metaspace()


SHAPES = {
    "bert": ("BertTokenizer", bert),
    "roberta": ("RobertaTokenizer", roberta),
    "deberta-v2": (
        "DebertaV2Tokenizer",
        lambda: (*unigram("[PAD]", "[CLS]", "[SEP]", "[UNK]", "[MASK]"), "[]"),
    ),
    "xlm-roberta": (
        "XLMRobertaTokenizer",
        lambda: (*unigram("<s>", "<pad>", "</s>", "<unk>", "<mask>"), "<>"),
    ),
}


def checkpoint(folder: Path, kind: str = "bert", labels=SENTIMENT, **settings) -> Path:
    """Write a checkpoint of random weights, the same ones every time."""
    class_name, parts = SHAPES[kind]
    model, splitter, marks = parts()
    tokenizer = Tokenizer(model)
    tokenizer.pre_tokenizer = splitter
    tokenizer.add_special_tokens(sorted(set(MARKS[marks].values())))
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    entry = {"tokenizer_class": class_name, **MARKS[marks]}
    (folder / "tokenizer_config.json").write_text(json.dumps(entry))
    config = transformers.AutoConfig.for_model(
        kind,
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=37,
        max_position_embeddings=130,
        pad_token_id=tokenizer.token_to_id(MARKS[marks]["pad_token"]),
        initializer_range=0.3,
        id2label=dict(enumerate(labels)),
        label2id={label: number for number, label in enumerate(labels)},
        **({"type_vocab_size": 1} if marks == "<>" else {}),
        **settings,
    )
    torch.manual_seed(7)
    AutoModelForSequenceClassification.from_config(config).save_pretrained(folder)
    return folder


def edit(folder: Path, **changes) -> None:
    path = folder / "config.json"
    entry = json.loads(path.read_text()) | changes
    path.write_text(json.dumps({k: v for k, v in entry.items() if v is not None}))


def direct(folder: Path, *sentences):
    """Probabilities by transformers alone, one text at a time."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForSequenceClassification.from_pretrained(folder).eval()
    rows = []
    for texts in zip(*sentences, strict=True):
        with torch.inference_mode():
            rows.append(model(**tokenizer(*texts, return_tensors="pt")).logits.softmax(-1)[0].numpy())
    return np.array(rows)


@pytest.fixture(autouse=True)
def _one_shipped(monkeypatch, classifier):
    """The shipped model is loaded once for all these tests."""
    from stance.model import foreign

    real = foreign.load_classifier
    monkeypatch.setattr(foreign, "load_classifier", lambda *a: real(*a) if a else classifier)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "labels", [SENTIMENT, ("POS", "Neu", "neg"), ("positive", "negative")], ids=" ".join
)
def test_sentiment_is_what_transformers_says(tmp_path, kind, labels, classifier):
    folder = checkpoint(tmp_path, kind, labels)
    scores = load_any(folder).predict(TEXTS, TARGETS)
    expected = direct(folder, TEXTS)
    shorts = [label[:3].lower() for label in labels]
    for column, short in enumerate(("neg", "neu", "pos")):
        wanted = expected[:, shorts.index(short)] if short in shorts else np.zeros(3)
        assert np.abs(scores.sentiment[:, column] - wanted).max() <= 1e-5
    assert np.ptp(scores.sentiment, axis=0).max() > 1e-3
    assert np.array_equal(scores.stance, classifier.predict(TEXTS, TARGETS).stance)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "labels",
    [ENTAILMENT, ("ENTAILMENT", "NEUTRAL", "CONTRADICTION"), ("entailment", "not_entailment")],
    ids=" ".join,
)
def test_stance_is_what_transformers_says_of_the_hypotheses(tmp_path, kind, labels, classifier):
    folder = checkpoint(tmp_path, kind, labels)
    scores = load_any(folder).predict(TEXTS, TARGETS)
    place = [label.lower() for label in labels].index("entailment")
    for number, target in enumerate(TARGETS):
        favor, against = (
            direct(folder, TEXTS, [sentence] * 3)[:, place] for sentence in hypotheses(target)
        )
        assert np.abs(scores.stance[:, number, 2] - favor * (1 - against)).max() <= 1e-5
        assert np.abs(scores.stance[:, number, 0] - against * (1 - favor)).max() <= 1e-5
    assert np.allclose(scores.stance.sum(axis=2), 1, atol=1e-6)
    assert np.array_equal(scores.sentiment, classifier.predict(TEXTS, TARGETS).sentiment)


def test_the_order_of_the_labels_is_read_from_the_config(tmp_path):
    folder = checkpoint(tmp_path)
    before = load_any(folder).predict(TEXTS, TARGETS).sentiment
    edit(folder, id2label={"0": "positive", "1": "negative", "2": "neutral"})
    after = load_any(folder).predict(TEXTS, TARGETS).sentiment
    assert np.array_equal(after, before[:, [1, 2, 0]])


def test_stance_of_two_entailments():
    stance = stance_from_entailment(np.array([[0.9, 0.2], [0.1, 0.1], [1.0, 1.0]], dtype=np.float32))
    assert np.allclose(stance, [[0.02, 0.26, 0.72], [0.09, 0.82, 0.09], [0, 1, 0]], atol=1e-6)
    assert list(Stance) == ["against", "none", "favor"]
    assert hypotheses(load_targets()[1]) == (
        "The author of this comment supports the United Kingdom.",
        "The author of this comment opposes the United Kingdom.",
    )


@pytest.mark.parametrize("kind", KINDS)
def test_control_tokens_in_a_comment_are_text(tmp_path, kind):
    network = load_any(checkpoint(tmp_path, kind, ENTAILMENT))._network
    special = set(network.tokenizer.all_special_ids) - {network.tokenizer.unk_token_id}
    typed = "a [SEP] b [CLS] [PAD] [MASK] </s> c <s> <pad> <mask>"
    batch, _ = network._encode([typed], ["x"])
    plain, _ = network._encode(["a b c"], ["x"])
    counts = [sum(int(i) in special for i in found["input_ids"][0]) for found in (batch, plain)]
    assert counts[0] == counts[1]


def test_a_long_text_is_cut_and_marked_but_not_the_hypothesis(tmp_path):
    classifier = load_any(checkpoint(tmp_path, labels=ENTAILMENT))
    scores = classifier.predict(["word " * 60, "short"], TARGETS)
    assert list(scores.truncated) == [True, False]
    assert np.abs(scores.stance[0, 0] - scores.stance[0, 1]).max() > 1e-4


def test_the_description_names_both_models(tmp_path, classifier):
    loaded = load_any(checkpoint(tmp_path / "mine"))
    assert isinstance(loaded, ForeignClassifier)
    weights = (tmp_path / "mine" / "model.safetensors").read_bytes()
    digits = hashlib.sha256(weights).hexdigest()[:12]
    assert loaded.describe() == (
        f"sentiment by mine (sha256 {digits}), stance by {describe(classifier)}"
    )
    manifest = classifier.manifest
    assert describe(load_any(SHIPPED)) == (
        f"{manifest.name} {manifest.version} (sha256 {manifest.sha256[:12]})"
    )


def test_shards_are_read_and_must_be_in_the_folder(tmp_path):
    folder = checkpoint(tmp_path / "one")
    whole = load_any(folder)
    weights = load_file(folder / "model.safetensors")
    (folder / "model.safetensors").unlink()
    names = sorted(weights)
    half = {"model-00001-of-00002.safetensors": names[::2], "model-00002-of-00002.safetensors": names[1::2]}
    for name, keys in half.items():
        save_file({key: weights[key] for key in keys}, folder / name, {"format": "pt"})
    index = {"metadata": {}, "weight_map": {key: name for name, keys in half.items() for key in keys}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    parts = load_any(folder)
    assert np.array_equal(
        parts.predict(TEXTS, []).sentiment, whole.predict(TEXTS, []).sentiment
    )
    index["weight_map"][names[0]] = "../one/model-00001-of-00002.safetensors"
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    refused(folder, "expected the file ../one/model-00001-of-00002.safetensors that")


# Refusals


def refused(name, words, **options):
    with pytest.raises(CheckpointError) as caught:
        load_any(name, **options)
    message = str(caught.value)
    assert words in message
    assert "\n" not in message


def change_weights(folder, change):
    path = folder / "model.safetensors"
    save_file(change(load_file(path)), path, {"format": "pt"})


def without_head(weights):
    return {key: value for key, value in weights.items() if not key.startswith("classifier")}


def only_pickle(folder):
    (folder / "model.safetensors").unlink()
    torch.save({}, folder / "pytorch_model.bin")


def own_code(folder):
    marker = folder / "ran"
    (folder / "evil.py").write_text(f"open({str(marker)!r}, 'w')\n")
    edit(folder, auto_map={"AutoConfig": "evil.Evil"}, model_type="evil")


def tokenizer_code(folder):
    path = folder / "tokenizer_config.json"
    entry = json.loads(path.read_text()) | {"auto_map": {"AutoTokenizer": ["evil.Evil", None]}}
    path.write_text(json.dumps(entry))


def strange_words(folder):
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "ж", "##ж"]
    tokenizer = Tokenizer(models.WordPiece({p: n for n, p in enumerate(pieces)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.save(str(folder / "tokenizer.json"))


def big_tokenizer(folder):
    weights = load_file(folder / "model.safetensors")
    key = "bert.embeddings.word_embeddings.weight"
    save_file(weights | {key: weights[key][:50].clone()}, folder / "model.safetensors", {"format": "pt"})
    edit(folder, vocab_size=50)


def cut_weights(folder):
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-1000])


def pointer(folder):
    (folder / "model.safetensors").write_text(
        "version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 12\n"
    )


def link_out(folder):
    outside = folder.parent / "outside.json"
    shutil.move(folder / "tokenizer.json", outside)
    (folder / "tokenizer.json").symlink_to(outside)


def nan(folder):
    change_weights(folder, lambda w: w | {"classifier.bias": torch.full((3,), float("nan"))})


def constant(folder):
    change_weights(folder, lambda w: {key: torch.zeros_like(value) for key, value in w.items()})


BAD = {
    "pickle": (only_pickle, "found only pytorch_model.bin, which can run code"),
    "code": (own_code, "brings its own code (auto_map), which is never run"),
    "tokenizer code": (tokenizer_code, "brings its own code (auto_map), which is never run"),
    "no tokenizer": (lambda f: (f / "tokenizer.json").unlink(), "expected the tokenizer's files"),
    "no words": (strange_words, "at least half of a plain English sentence, found 0%"),
    "other tokenizer": (big_tokenizer, "expected a tokenizer of at most 50 word pieces, found 141"),
    "no head": (
        lambda f: change_weights(f, without_head),
        "found none for classifier.bias and 1 more: it has no trained classification head",
    ),
    "encoder": (
        lambda f: edit(f, architectures=["BertModel"]),
        "a classification head (…ForSequenceClassification), found BertModel",
    ),
    "two labels": (
        lambda f: edit(f, id2label={"0": "negative", "1": "positive"}, label2id=None),
        "expected classifier.bias of shape (2,) by config.json, found (3,) in the weights",
    ),
    "numbered": (
        lambda f: edit(f, id2label={"0": "LABEL_0", "1": "LABEL_1", "2": "LABEL_2"}),
        "expected negative, neutral, positive (or negative, positive) for sentiment, or "
        "entailment, neutral, contradiction (or entailment, not_entailment) for stance as the "
        "labels in config.json (id2label), found LABEL_0, LABEL_1, LABEL_2. If you know",
    ),
    "twice": (lambda f: edit(f, id2label={"0": "neg", "1": "NEG", "2": "pos"}), "found neg, NEG, pos"),
    "no labels": (lambda f: edit(f, id2label=None), "(id2label), found no labels"),
    "gap": (lambda f: edit(f, id2label={"0": "neg", "7": "pos"}), "numbers 2 to 100 labels from 0"),
    "label number": (lambda f: edit(f, num_labels=5), "num_labels in config.json says, 5, found 3"),
    "many labels": (
        lambda f: edit(f, id2label={str(n): f"l{n}" for n in range(101)}),
        "numbers 2 to 100 labels from 0, found 101 labels",
    ),
    "multi label": (
        lambda f: edit(f, problem_type="multi_label_classification"),
        "found problem_type multi_label_classification",
    ),
    "layers": (
        lambda f: edit(f, num_hidden_layers=1_000_000),
        "expected num_hidden_layers of at most 100 in config.json, found 1,000,000",
    ),
    "hidden": (lambda f: edit(f, hidden_size=8193), "hidden_size of at most 8,192"),
    "vocabulary": (lambda f: edit(f, vocab_size=1_000_001), "vocab_size of at most 1,000,000"),
    "nested": (lambda f: edit(f, text_config={"n_layers": 101}), "n_layers of at most 100"),
    "far too few": (
        lambda f: edit(f, hidden_size=4096, num_hidden_layers=90),
        "numbers that config.json describes, found",
    ),
    "quantised": (lambda f: edit(f, quantization_config={"bits": 4}), "found quantization_config"),
    "other weights": (lambda f: edit(f, transformers_weights="a.bin"), "found transformers_weights"),
    "attention": (
        lambda f: edit(f, _attn_implementation="someone/kernel"),
        "expected eager or sdpa attention",
    ),
    "adapter": (lambda f: (f / "adapter_config.json").write_text("{}"), "found an adapter"),
    "unknown": (lambda f: edit(f, model_type="evil"), "transformers could not load it: "),
    "nan": (nan, "found values that are no numbers: the weights are broken"),
    "constant": (constant, "found one and the same: the weights are empty or broken"),
    "cut": (cut_weights, "expected a whole safetensors file, found one that was cut"),
    "pointer": (pointer, "expected model.safetensors itself, found a Git LFS pointer"),
    "no weights": (lambda f: (f / "model.safetensors").unlink(), "found no such file"),
    "link": (link_out, "found the link tokenizer.json that leads out of the folder"),
    "no config": (lambda f: (f / "config.json").unlink(), "with a config.json, found none"),
    "no json": (lambda f: (f / "config.json").write_text("{"), "expected JSON, found something else"),
    "deep json": (lambda f: (f / "config.json").write_text("[" * 200_000), "expected JSON, found"),
    "list": (lambda f: (f / "config.json").write_text("[]"), "a JSON object, found a list"),
    "number of labels": (lambda f: edit(f, id2label=5), "an id2label that numbers 2 to"),
    "architecture": (lambda f: edit(f, architectures=5), "…ForSequenceClassification), found 5"),
    "loop": (lambda f: (f / "x").symlink_to("x"), "found a link that leads nowhere"),
}


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    return checkpoint(tmp_path_factory.mktemp("good") / "model")


@pytest.mark.parametrize("kind", BAD)
def test_p16_a_bad_folder_is_refused_in_one_line(tmp_path, good, kind, capfd):
    spoil, words = BAD[kind]
    folder = tmp_path / "model"
    shutil.copytree(good, folder)
    spoil(folder)
    capfd.readouterr()
    refused(folder, words)
    assert capfd.readouterr() == ("", "")
    assert not (folder / "ran").exists()


def test_answers_that_vary_are_refused(good, monkeypatch):
    answers = iter(range(1, 9))
    real = torch.softmax
    monkeypatch.setattr(torch, "softmax", lambda x, dim: real(x * next(answers), dim=dim))
    refused(good, "expected the same answers when asked twice")


def test_loading_leaves_the_settings_of_transformers(good):
    log = transformers.utils.logging
    before = log.get_verbosity(), log.is_progress_bar_enabled()
    load_any(good)
    assert (log.get_verbosity(), log.is_progress_bar_enabled()) == before


# Names


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("./nowhere", "Expected a model's folder at ./nowhere, found none; and it is no name on"),
        ("/no/where", "Expected a model's folder at /no/where, found none"),
        ("a/b/c", "Expected a model's folder at a/b/c, found none"),
        ("a b\n", "Expected a model's folder at a b, found none"),
        (
            "nobody/no-such-model",
            "Expected a model's folder named nobody/no-such-model, found none, nor a model of that "
            "name fetched before. If it is a name on the Hugging Face hub, add --download",
        ),
        (__file__, "found the file"),
    ],
)
def test_a_name_without_a_model(name, words, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    refused(name, words)


def test_a_folder_needs_no_hub(good):
    refused(good, "is a folder on this disk; leave out --download and --revision", download=True)
    refused(good, "is a folder on this disk; leave out --download and --revision", revision="main")


def test_a_strange_revision_is_refused():
    refused("a/b", "Expected a commit, branch or tag as --revision", revision="../../x", download=True)


def test_the_hub_is_asked_for_the_small_files_first_and_the_commit_is_shown(
    tmp_path, good, monkeypatch
):
    source = good
    commit = "0123456789abcdef0123456789abcdef01234567"
    cache = tmp_path / "models--who--what"
    asked = []

    def snapshot_download(name, *, revision, allow_patterns, token, etag_timeout):
        asked.append((name, revision, token))
        folder = cache / "snapshots" / commit
        folder.mkdir(parents=True, exist_ok=True)
        (cache / "blobs").mkdir(exist_ok=True)
        for path in source.iterdir():
            if path.name in allow_patterns and not (folder / path.name).exists():
                shutil.copy(path, cache / "blobs")
                (folder / path.name).symlink_to(Path("../../blobs") / path.name)
        assert not any(pattern.endswith((".bin", ".py")) for pattern in allow_patterns)
        return str(folder)

    monkeypatch.setattr("huggingface_hub.snapshot_download", snapshot_download)
    loaded = load_any("who/what", download=True, revision="v1")
    assert asked == [("who/what", "v1", False), ("who/what", commit, False)]
    assert loaded.describe().startswith("sentiment by who/what (revision 0123456789ab, sha256 ")
    source = tmp_path / "changed"
    shutil.copytree(good, source)
    edit(source, vocab_size=2_000_000)
    asked.clear()
    shutil.rmtree(cache)
    refused("who/what", "vocab_size of at most", download=True)
    assert asked == [("who/what", None, False)]


def test_a_hub_that_fails_is_one_line(monkeypatch):
    def snapshot_download(*args, **options):
        raise OSError("no\nnetwork")

    monkeypatch.setattr("huggingface_hub.snapshot_download", snapshot_download)
    words = "Could not fetch a/b from the Hugging Face hub: OSError: no network"
    refused("a/b", words, download=True)


def test_the_libraries_are_told_to_stay_offline(monkeypatch):
    for name in ("HF_HUB_OFFLINE", "HF_HUB_DISABLE_TELEMETRY", "DO_NOT_TRACK"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    hub.keep_offline(download=True)
    assert "HF_HUB_OFFLINE" not in os.environ
    hub.keep_offline()
    assert os.environ["HF_HUB_OFFLINE"] == "1"
    assert os.environ["HF_HUB_DISABLE_TELEMETRY"] == os.environ["DO_NOT_TRACK"] == "1"


def test_p16_code_does_not_run_even_if_our_check_is_passed_by(tmp_path, good, monkeypatch):
    folder = tmp_path / "model"
    shutil.copytree(good, folder)
    own_code(folder)
    tokenizer_code(folder)
    monkeypatch.setattr(foreign_checks, "_check_code", lambda *_: None)
    monkeypatch.setattr("builtins.input", lambda *_: "y")
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n" * 100))
    refused(folder, "transformers could not load it: ValueError")
    assert not (folder / "ran").exists()


def all_nan(folder):
    change_weights(folder, lambda w: {k: torch.full_like(v, float("nan")) for k, v in w.items()})


OWN_BAD = {
    "deep": (lambda f: edit(f, num_hidden_layers=1_000_000), "expected num_hidden_layers of at most 100"),
    "no config": (lambda f: (f / "config.json").unlink(), "with a config.json, found none"),
    "no tokenizer": (lambda f: (f / "tokenizer.json").unlink(), "expected the tokenizer's files"),
    "link": (link_out, "found the link tokenizer.json that leads out of the folder"),
    "nan": (all_nan, "found values that are no numbers"),
    "half a bias": (lambda f: edit_manifest(f, bias={"sentiment": [0.0]}), "could not load it"),
    "another version": (lambda f: edit_manifest(f, normalisation=1), "another version of this package"),
}


def edit_manifest(folder: Path, **changes) -> None:
    path = folder / "manifest.json"
    entry = json.loads(path.read_text()) | changes
    entry["sha256"] = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    path.write_text(json.dumps(entry))


@pytest.mark.parametrize("kind", OWN_BAD)
def test_p16_a_manifest_of_our_form_makes_nobody_trusted(tmp_path, kind):
    spoil, words = OWN_BAD[kind]
    folder = tmp_path / "model"
    shutil.copytree(SHIPPED, folder)
    spoil(folder)
    if (folder / "manifest.json").exists():
        edit_manifest(folder)
    refused(folder, words)


def test_another_programs_manifest_is_no_checkpoint_of_ours(tmp_path, good):
    folder = tmp_path / "model"
    shutil.copytree(good, folder)
    (folder / "manifest.json").write_text('{"name": "an app", "icons": []}')
    assert isinstance(load_any(folder), ForeignClassifier)
