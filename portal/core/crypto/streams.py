"""Streams of any length under authenticated encryption, in chunks: memory stays flat both ways."""

import os
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

CHUNK_BYTES = 256 * 1024
_TAG_BYTES = 16
_MAGIC = b"INZAGE1\n"


class Damaged(Exception):
    """The content on disk was altered, cut off or swapped."""


class StreamCipher:
    """What encrypts one stream and no other: a key of its own, and what the stream is bound to."""

    def __init__(self, key: bytes, bound_to: bytes) -> None:
        self._cipher, self._bound_to = AESGCM(key), bound_to

    def encrypt(self, number: int, block: bytes, *, last: bool) -> bytes:
        """Encrypt the chunk with this number."""
        return self._cipher.encrypt(_nonce(number, last=last), block, self._bound_to)

    def decrypt(self, number: int, block: bytes, *, last: bool) -> bytes:
        """Open the chunk with this number; raises Damaged."""
        try:
            return self._cipher.decrypt(_nonce(number, last=last), block, self._bound_to)
        except InvalidTag:
            raise Damaged("altered or cut off") from None


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11) + (b"\x01" if last else b"\x00")


def _blocks(content: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the content in blocks of CHUNK_BYTES, the last one shorter, possibly empty."""
    waiting = bytearray()
    for piece in content:
        waiting += piece
        while len(waiting) > CHUNK_BYTES:
            yield bytes(waiting[:CHUNK_BYTES])
            del waiting[:CHUNK_BYTES]
    yield bytes(waiting)


def write_sealed(out: BinaryIO, content: Iterable[bytes], cipher: StreamCipher) -> tuple[int, bytes]:
    """Write encrypted chunks and make them durable; return size in bytes and SHA-256 of the plain content."""
    size, digest = 0, sha256()
    out.write(_MAGIC)
    waiting: bytes | None = None
    number = 0
    for block in _blocks(content):
        if waiting is not None:
            out.write(cipher.encrypt(number, waiting, last=False))
            number += 1
        digest.update(block)
        size += len(block)
        waiting = block
    out.write(cipher.encrypt(number, waiting or b"", last=True))
    out.flush()
    os.fsync(out.fileno())
    return size, digest.digest()


def read_sealed(handle: BinaryIO, cipher: StreamCipher) -> Iterator[bytes]:
    """Yield the plain content, chunk by chunk. Raises Damaged at the chunk that was touched, so don't trust a part."""
    with handle:
        if handle.read(len(_MAGIC)) != _MAGIC:
            raise Damaged("not a stored file")
        number, block = 0, handle.read(CHUNK_BYTES + _TAG_BYTES)
        while True:
            following = handle.read(CHUNK_BYTES + _TAG_BYTES)
            yield cipher.decrypt(number, block, last=not following)
            if not following:
                return
            number, block = number + 1, following


def sync_folder(folder: Path) -> None:
    """Make durable which files a folder holds."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
