"""A classifier that asks the store first, and keeps what it had to ask its model. Reads no comments."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from fnmatch import fnmatch
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

from stance.errors import StoreError
from stance.labels import Sentiment, Stance
from stance.model.hub import SMALL_FILES, WEIGHT_FILES
from stance.records import Scores
from stance.scoring import Classifier
from stance.store.rows import HASH_BYTES, Key, ScoreStore
from stance.targets import Target

_SENTIMENT = 0
_ROW = struct.Struct("<3f?")
_ROW_FIELDS = 4
_LIBRARIES = ("torch", "onnxruntime", "transformers", "tokenizers", "symspellpy")


class StoredClassifier:
    """Gives the scores of the store where it has them, to the last bit, and asks the model for the rest.

    A text that lacks the score of one target is asked about all of them; what was known stays as it
    was. `truncated` is that of the pass in which a score was made. What goes wrong with the store
    is told once, and the model is asked for everything from then on.
    """

    def __init__(
        self,
        classifier: Classifier,
        store: ScoreStore,
        model: bytes,
        tell: Callable[[str], None],
    ) -> None:
        """Join the two.

        Args:
            classifier: scores what the store does not have.
            store: is not closed here.
            model: what decides the scores of the classifier; see `model_key`.
            tell: is told in a sentence what goes wrong.
        """
        self.n_known = 0
        self._classifier = classifier
        self._store: ScoreStore | None = store
        self._tell = tell
        self._hashed = hashlib.blake2b(model, digest_size=HASH_BYTES, key=store.salt)
        self._number = cache(lambda target: _number(target, store.salt))

    def predict(self, texts: Sequence[str], targets: Sequence[Target]) -> Scores:
        """See `stance.scoring.Classifier`."""
        if self._store is None:
            return self._classifier.predict(texts, targets)
        hashes = [self._hash(text) for text in texts]
        numbers = [_SENTIMENT, *(self._number(target) for target in targets)]
        rows = self._find(hashes)
        unknown = [
            index for index, text in enumerate(hashes) if any((text, n) not in rows for n in numbers)
        ]
        self.n_known += len(texts) - len(unknown)
        if unknown:
            scores = self._classifier.predict([texts[index] for index in unknown], targets)
            made = _rows(scores, [hashes[index] for index in unknown], numbers)
            new = {key: row for key, row in made if key not in rows}
            self._keep(new)
            rows |= new
        return _scores(rows, hashes, numbers)

    def _hash(self, text: str) -> bytes:
        hashed = self._hashed.copy()
        hashed.update(text.encode("utf-8", "surrogatepass"))
        return hashed.digest()

    def _find(self, hashes: Sequence[bytes]) -> dict[Key, bytes]:
        try:
            return {} if self._store is None else self._store.find(hashes)
        except StoreError as error:
            self._give_up(error)
            return {}

    def _keep(self, rows: Mapping[Key, bytes]) -> None:
        if self._store is None:
            return
        try:
            self._store.keep(rows)
        except StoreError as error:
            self._give_up(error)

    def _give_up(self, error: StoreError) -> None:
        self._store = None
        self._tell(f"scores are not kept from here on: {error}")


def model_key(folders: Iterable[Path], code: str) -> bytes:
    """A hash of what decides a score besides the text and the target: models, program, libraries.

    Args:
        folders: of the models, whose files are read whole.
        code: a hash of this package's files.

    Raises:
        StoreError: a file cannot be read.
    """
    found = hashlib.sha256(code.encode())
    for name in _LIBRARIES:
        found.update(f"{name} {_version(name)}\0".encode())
    try:
        for path in sorted(path for folder in folders for path in folder.iterdir()):
            if any(fnmatch(path.name, known) for known in (*SMALL_FILES, *WEIGHT_FILES)):
                with path.open("rb") as file:
                    digest = hashlib.file_digest(file, "sha256").hexdigest()
                found.update(f"{path.name}\0{digest}\0".encode("utf-8", "surrogatepass"))
    except OSError as error:
        raise StoreError(f"{error.filename}: {error.strerror}") from error
    return found.digest()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"


def _number(target: Target, salt: bytes) -> int:
    """Of a target with all of its names; never 0."""
    named = hashlib.blake2b(repr(target).encode(), digest_size=8, key=salt).digest()
    return int.from_bytes(named, "big", signed=True) or 1


def _rows(
    scores: Scores, hashes: Sequence[bytes], numbers: Sequence[int]
) -> Iterable[tuple[Key, bytes]]:
    table = np.concatenate([scores.sentiment[:, None], scores.stance], axis=1).tolist()
    for text, rows, cut in zip(hashes, table, scores.truncated.tolist(), strict=True):
        for number, row in zip(numbers, rows, strict=True):
            yield (text, number), _ROW.pack(*row, cut)


def _scores(rows: Mapping[Key, bytes], hashes: Sequence[bytes], numbers: Sequence[int]) -> Scores:
    found = [[_ROW.unpack(rows[text, number]) for number in numbers] for text in hashes]
    table = np.array(found, dtype=np.float32).reshape(len(hashes), len(numbers), _ROW_FIELDS)
    return Scores(
        sentiment=table[:, 0, : len(Sentiment)],
        stance=table[:, 1:, : len(Stance)],
        truncated=np.any(table[:, :, -1], axis=1),
    )
