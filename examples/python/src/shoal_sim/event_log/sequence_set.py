"""A set of places in a stream, small as long as they lie side by side."""

from bisect import bisect_right
from collections.abc import Iterable


class SequenceSet:
    """Whole numbers from 1, kept as runs of neighbours: a million numbers in a row cost as much as one."""

    def __init__(self, sequences: Iterable[int] = ()) -> None:
        self._firsts: list[int] = []
        self._lasts: list[int] = []
        self.add(sequences)

    def __contains__(self, sequence: int) -> bool:
        at = bisect_right(self._firsts, sequence) - 1
        return at >= 0 and sequence <= self._lasts[at]

    def __len__(self) -> int:
        return sum(last - first + 1 for first, last in self.runs())

    def runs(self) -> list[tuple[int, int]]:
        """First and last of each run, in rising order; between two of them something is missing."""
        return list(zip(self._firsts, self._lasts, strict=True))

    def add(self, sequences: Iterable[int]) -> None:
        """Takes them in any order; one that is there already changes nothing."""
        runs = sorted([*self.runs(), *((sequence, sequence) for sequence in set(sequences))])
        self._firsts, self._lasts = [], []
        for first, last in runs:
            if self._lasts and first <= self._lasts[-1] + 1:
                self._lasts[-1] = max(self._lasts[-1], last)
            else:
                self._firsts.append(first)
                self._lasts.append(last)

    def discard_up_to(self, sequence: int) -> None:
        """Forgets all that are not above `sequence`."""
        runs = [(max(first, sequence + 1), last) for first, last in self.runs() if last > sequence]
        self._firsts = [first for first, _ in runs]
        self._lasts = [last for _, last in runs]
