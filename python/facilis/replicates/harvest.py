"""What has come in of the replicates of an experiment: put in its place at once, so that nothing is held twice."""

from concurrent.futures import Executor
from typing import Any, TypeAlias

from .experiment import Chunk, Experiment, finished
from .store import Store

Span: TypeAlias = tuple[int, int]


class Harvest:
    """Chunks that are finished; whole ones are stored as they come.

    Parameters
    ----------
    experiment : Experiment
    store : Store or None
        Where chunks are kept; what is there already is brought in.
    replicates : int
        How many there shall be.
    """

    def __init__(self, experiment: Experiment, store: Store | None, replicates: int) -> None:
        self.store = store
        self.replicates = replicates
        self._experiment = experiment
        self._table: Chunk | None = None
        self._spans: list[Span] = []
        self._sizes: list[int] = []
        for chunk in () if store is None else store.read(replicates):
            span = int(chunk["index"][0]), int(chunk["index"][-1]) + 1
            self._make_room(span)
            self._put(span, chunk)
        self._found = self._done

    @property
    def _done(self) -> int:
        return sum(self._sizes)

    def missing(self) -> list[Span]:
        """Return the ranges of replicates that are not there."""
        gaps, past = [], 0
        for first, last in [*sorted(self._spans), (self.replicates, self.replicates)]:
            if past < first:
                gaps.append((past, first))
            past = last
        return gaps

    def expect(self, spans: list[Span]) -> None:
        """Make room for the chunks that are to come, which several threads may bring at once."""
        for span in spans:
            self._make_room(span)

    def keep(self, arrivals: list[tuple[Span, Any]]) -> None:
        """Bring in the chunks among what arrived."""
        for span, chunk in arrivals:
            if chunk is not None and not isinstance(chunk, BaseException):
                self.bring(span, chunk)

    def bring(self, span: Span, chunk: Chunk) -> None:
        """Put a chunk in its place, and store it if it is whole."""
        self._put(span, chunk)
        if self.store is not None and chunk["index"].size == span[1] - span[0]:
            self.store.write(chunk)

    def _make_room(self, span: Span) -> None:
        if self._table is None and span != (0, self.replicates):
            self._table = self._experiment.empty(self.replicates)

    def _put(self, span: Span, chunk: Chunk) -> None:
        self._spans.append(span)
        self._sizes.append(chunk["index"].size)
        if self._table is None:
            self._table = chunk
            return
        # Ctrl-C may come in between: only what has a reason to stop counts as finished.
        for name in sorted(self._table, key="stop".__eq__):
            self._table[name][chunk["index"]] = chunk[name]

    def fraction(self, finished: int) -> float:
        """Return the part that is done; `finished` replicates are known of threads, in chunks or not."""
        return max(self._done, self._found + finished) / self.replicates

    def result(self) -> Chunk:
        """Return what is finished, in the order of the replicates."""
        table = self._experiment.empty(0) if self._table is None else self._table
        return table if "index" in table else finished(table)

    def loss(self, executor: Executor | None) -> str:
        """Tell what survived the death of a worker."""
        name = type(executor).__name__
        text = f"a worker of {name} died: {self._done} of {self.replicates} were finished"
        if self.store is None:
            return f"{text} but lost, as without directory= nothing is kept"
        return f"{text} and kept in {self.store.directory}, from where the same call goes on"
