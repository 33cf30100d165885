"""The forward pass that scores are made with: the shipped network in ONNX Runtime. Trains nothing.

The same numbers as `StanceNetwork`, to 1e-5, in less time, and without torch, which takes two
seconds to load:

- Every linear layer works on the tokens of a batch without padding; only attention, a few percent of
  the work, has rows.
- Of the last layer, keys and values are made for every token, the rest only where a head reads.
- Batches hold few tokens, so that what one operation leaves is still in the cache for the next.

The graph is made here, from the weights. `BiasGelu` and `FusedMatMul` are operators of ONNX Runtime.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import NodeProto, TensorProto, helper, numpy_helper

from stance.errors import CheckpointError
from stance.model.onnx_runtime import ort
from stance.model.packed import PackedText, lay_out

Floats = NDArray[np.float32]
Feed = dict[str, NDArray[Any]]

BATCH_TOKENS = 640
"""Most tokens of a batch, with its padding: 512 to 800 are as fast, 3,000 take a fifth more time."""

_UNSEEN = np.float32(-1e9)
_CONTRIB = "com.microsoft"
_RANKS = {
    "ids": 1, "positions": 1, "kinds": 1, "q": 3, "k": 3, "v": 3, "back": 2,
    "read": 1, "last_q": 3, "last_k": 3, "last_v": 3, "last_back": 2,
}  # fmt: skip
_MASKS = ("mask", "last_mask")

_HEADS = ("sentiment", "stance")
"""Both are asked of every state that is read, though each is for some: that costs next to nothing."""


@dataclass(frozen=True, slots=True)
class Readings:
    """What the heads make of texts: the last layers' states, and logits in label order.

    Shapes: `moods` (n, width), `sides` (n, k, width), `sentiment` (n, 3), `stance` (n, k, 3).
    """

    moods: Floats
    sides: Floats
    sentiment: Floats
    stance: Floats


_TOO_LITTLE_MEMORY = ("std::bad_alloc", "Failed to allocate memory", "Available memory of")
"""How ONNX Runtime says it, at load and in a pass, in exceptions that are no MemoryError."""


class FastNetwork:
    """What a text gives does not depend on the others of its batch, to 1e-5."""

    def __init__(
        self, weights: Mapping[str, Floats], config: Mapping[str, Any], *, n_threads: int
    ) -> None:
        """Args are by their names in `StanceNetwork`, and the content of its config.json.

        Raises:
            CheckpointError: the weights are those of another network.
            MemoryError: there is too little memory.
        """
        try:
            self._n_heads = int(config["num_attention_heads"])
            graph = _Graph(weights, config)
            if others := set(weights) - graph.used:
                raise ValueError(f"{len(others)} tensors are unknown")
            with _memory_told():
                self._session = _session(graph, n_threads)
            self.read([PackedText((0, 0), ((0,),))])
        except MemoryError:
            raise
        except Exception as error:  # ONNX Runtime raises many kinds for shapes that don't fit
            reason = f"{type(error).__name__}: {str(error)[:80]}"
            raise CheckpointError(f"The weights don't fit the network: {reason}.") from error

    def read(self, texts: Sequence[PackedText]) -> Readings:
        """What the heads make of packed texts, at least one.

        Raises:
            MemoryError: there is too little memory.
        """
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
        n_slots = max(len(text.slots) for text in texts)
        parts = []
        for batch in _batches([texts[index] for index in order]):
            with _memory_told():
                found = self._session.run(None, _feed(batch, n_slots, self._n_heads))
            parts.append([rows.reshape(len(batch), 1 + n_slots, -1) for rows in found])
        back = np.argsort(order)
        moods, sentiment, sides, stance = (
            np.concatenate(found)[back] for found in zip(*parts, strict=True)
        )
        return Readings(moods[:, 0], sides[:, 1:], sentiment[:, 0], stance[:, 1:])


@contextlib.contextmanager
def _memory_told() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        if any(words in str(error) for words in _TOO_LITTLE_MEMORY):
            raise MemoryError("ONNX Runtime found too little memory.") from error
        raise


def _session(graph: _Graph, n_threads: int) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = n_threads
    options.log_severity_level = 4  # what goes wrong is raised as well
    # What is fused is chosen in the graph: fusing more, as it would, makes it slower.
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_BASIC
    names = list(graph.constants)
    values = [ort.OrtValue.ortvalue_from_numpy(graph.constants[name]) for name in names]
    options.add_external_initializers(names, values)
    return ort.InferenceSession(graph.model(), options, providers=["CPUExecutionProvider"])


def _batches(texts: Sequence[PackedText]) -> Iterator[Sequence[PackedText]]:
    """Texts, the shortest first, by at most `BATCH_TOKENS`; a longer text is alone."""
    start = 0
    for end, text in enumerate(texts):
        if end > start and (end - start + 1) * len(text) > BATCH_TOKENS:
            yield texts[start:end]
            start = end
    yield texts[start:]


def _feed(texts: Sequence[PackedText], n_slots: int, n_heads: int) -> Feed:
    """Inputs of the graph: token ids, which rows go where, and what sees what.

    The graph keeps a row of `width / n_heads` numbers for each token and head. `q`, `k` and `v` say
    which of them stand where in (n, heads, length), `back` the other way round.
    """
    layout = lay_out(texts, pad_id=0)
    n, length = layout.ids.shape
    real = layout.segments >= 0
    token = np.cumsum(real).reshape(n, length) - 1  # padding: that of a neighbour, which nobody sees
    heads = np.arange(n_heads)[:, None]
    # A text with fewer slots than others repeats its [CLS], as `StanceNetwork` does.
    ends = np.zeros((n, 1 + n_slots), dtype=np.int64)
    ends[:, 1 : 1 + layout.slot_ends.shape[1]] = layout.slot_ends.clip(min=0)
    mask = np.where(layout.sees(), np.float32(0), _UNSEEN)
    row, place = np.nonzero(real)
    q, last_k = token[:, None] * 3 * n_heads + heads, token[:, None] * 2 * n_heads + heads
    n_read = ends.shape[1]
    texts_by_head = np.arange(n)[:, None, None]
    last_q = (texts_by_head * n_read + np.arange(n_read)) * n_heads + heads
    last_back = (texts_by_head * n_heads + heads.T) * n_read + np.arange(n_read)[:, None]
    return {
        "ids": layout.ids[real],
        "positions": layout.positions[real],
        "kinds": (layout.segments[real] > 0).astype(np.int64),
        "q": q, "k": q + n_heads, "v": q + 2 * n_heads,
        "back": (row[:, None] * n_heads + heads.T) * length + place[:, None],
        "mask": mask[:, None],
        "read": np.take_along_axis(token, ends, axis=1).ravel(),
        "last_q": last_q, "last_k": last_k, "last_v": last_k + n_heads,
        "last_back": last_back.reshape(-1, n_heads),
        "last_mask": np.take_along_axis(mask, ends[:, :, None], axis=1)[:, None],
    }  # fmt: skip


class _Graph:
    """Nodes and constants of the forward pass, added one after the other."""

    def __init__(self, weights: Mapping[str, Floats], config: Mapping[str, Any]) -> None:
        self.constants: dict[str, Floats] = {}
        self.used: set[str] = set()
        self._weights = weights
        self._epsilon = float(config["layer_norm_eps"])
        self._nodes: list[NodeProto] = []
        self._width = weights["encoder.embeddings.LayerNorm.weight"].shape[0]
        # These shapes must stand in the model itself.
        self._shapes = {
            "by_head": np.array([-1, self._width // config["num_attention_heads"]], dtype=np.int64),
            "by_token": np.array([-1, self._width], dtype=np.int64),
        }
        states = self._embeddings()
        n_layers = config["num_hidden_layers"]
        for layer in range(n_layers):
            last = layer == n_layers - 1
            states = self._layer(f"encoder.encoder.layer.{layer}.", states, last=last)
        self._outputs = [output for head in _HEADS for output in self._head(head, states)]

    def model(self) -> bytes:
        """The model without its constants, as ONNX Runtime reads it."""
        constants = [numpy_helper.from_array(value, name) for name, value in self._shapes.items()]
        for name, value in self.constants.items():
            tensor = TensorProto(
                name=name,
                data_type=TensorProto.FLOAT,
                dims=value.shape,
                data_location=TensorProto.EXTERNAL,
            )
            tensor.external_data.add(key="location", value="given in memory")
            constants.append(tensor)
        ints = [(name, TensorProto.INT64, rank) for name, rank in _RANKS.items()]
        inputs = [
            helper.make_tensor_value_info(name, kind, [None] * rank)
            for name, kind, rank in (*ints, *((name, TensorProto.FLOAT, 4) for name in _MASKS))
        ]
        outputs = [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, [None, None])
            for name in self._outputs
        ]
        graph = helper.make_graph(self._nodes, "stance", inputs, outputs, constants)
        operators = [helper.make_opsetid("", 17), helper.make_opsetid(_CONTRIB, 1)]
        made = helper.make_model(graph, opset_imports=operators, ir_version=8)
        return bytes(made.SerializeToString())

    def _constant(self, value: Floats) -> str:
        name = f"c{len(self.constants)}"
        self.constants[name] = np.ascontiguousarray(value)
        return name

    def _weight(self, name: str) -> str:
        return self._constant(self._take(name))

    def _take(self, name: str) -> Floats:
        self.used.add(name)
        return self._weights[name]

    def _add(self, kind: str, *inputs: str, domain: str = "", **settings: Any) -> str:
        name = f"n{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, inputs, [name], domain=domain, **settings))
        return name

    def _embeddings(self) -> str:
        place = "encoder.embeddings."
        words, kinds, positions = (
            self._add("Gather", self._weight(f"{place}{table}_embeddings.weight"), indices)
            for table, indices in (
                ("word", "ids"), ("token_type", "kinds"), ("position", "positions")
            )
        )  # fmt: skip
        return self._norm(f"{place}LayerNorm.", words, kinds, positions)

    def _layer(self, place: str, states: str, *, last: bool) -> str:
        mixed, kept = self._attention(f"{place}attention.self.", states, last=last)
        dense = f"{place}attention.output."
        seen = self._norm(f"{dense}LayerNorm.", self._linear([f"{dense}dense"], mixed), kept)
        wide = self._add("MatMul", seen, self._matrix(f"{place}intermediate.dense"))
        bias = self._weight(f"{place}intermediate.dense.bias")
        wide = self._add("BiasGelu", wide, bias, domain=_CONTRIB)
        dense = f"{place}output."
        return self._norm(f"{dense}LayerNorm.", self._linear([f"{dense}dense"], wide), seen)

    def _attention(self, place: str, states: str, *, last: bool) -> tuple[str, str]:
        """What each token, in the last layer each that is read, takes from those that it sees.

        Returns:
            That, and the states of the same tokens before.
        """
        prefix, kept = ("last_", self._add("Gather", states, "read")) if last else ("", states)
        if last:
            asked = self._by_heads(self._linear([f"{place}query"], kept))
            given = self._by_heads(self._linear([f"{place}key", f"{place}value"], states))
        else:
            names = [f"{place}{name}" for name in ("query", "key", "value")]
            asked = given = self._by_heads(self._linear(names, states))
        q, k, v = (
            self._add("Gather", rows, prefix + name)
            for rows, name in ((asked, "q"), (given, "k"), (given, "v"))
        )
        scale = 1 / math.sqrt(self._shapes["by_head"][1])
        fit = self._add("FusedMatMul", q, k, domain=_CONTRIB, transB=1, alpha=scale)
        share = self._add("Softmax", self._add("Add", fit, f"{prefix}mask"), axis=-1)
        rows = self._by_heads(self._add("MatMul", share, v))
        rows = self._add("Gather", rows, f"{prefix}back")
        return self._add("Reshape", rows, "by_token"), kept

    def _head(self, head: str, states: str) -> tuple[str, str]:
        """What a head's projection reads of each state, and its logits."""
        hidden = self._add("Tanh", self._linear([f"{head}.dense"], states))
        return hidden, self._linear([f"{head}.projection"], hidden)

    def _by_heads(self, rows: str) -> str:
        return self._add("Reshape", rows, "by_head")

    def _matrix(self, *names: str) -> str:
        return self._constant(np.concatenate([self._take(f"{n}.weight") for n in names]).T)

    def _linear(self, names: Sequence[str], states: str) -> str:
        bias = self._constant(np.concatenate([self._take(f"{n}.bias") for n in names]))
        return self._add("Gemm", states, self._matrix(*names), bias)

    def _norm(self, place: str, first: str, *others: str) -> str:
        for other in others:
            first = self._add("Add", first, other)
        learned = [self._weight(f"{place}{part}") for part in ("weight", "bias")]
        return self._add("LayerNormalization", first, *learned, axis=-1, epsilon=self._epsilon)
