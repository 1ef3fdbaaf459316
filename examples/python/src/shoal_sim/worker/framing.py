"""`ReportEventBatchesRequest`, put together of envelopes that are serialised already.

By hand, because an envelope is serialised once, waits as bytes, and perhaps goes out more than once.
"""

from collections.abc import Iterable

SEQUENCE_TAG = b"\x08"
EVENT_TAG = b"\x12"
# The most that a batch takes beside its envelopes: tag and value of `sequence`.
BATCH_OVERHEAD_BYTES = 11


def encode_batch(sequence: int, envelopes: Iterable[bytes]) -> bytes:
    parts = [SEQUENCE_TAG, _varint(sequence)]
    for envelope in envelopes:
        parts += [EVENT_TAG, _varint(len(envelope)), envelope]
    return b"".join(parts)


def batched_size(envelope: bytes) -> int:
    """How many bytes of a batch an envelope takes, with tag and length."""
    return 1 + len(_varint(len(envelope))) + len(envelope)


def _varint(value: int) -> bytes:
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
