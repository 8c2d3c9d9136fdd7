"""Which kind of picture some bytes are, by how they begin."""

from __future__ import annotations

IMAGE_KINDS = "PNG, JPEG, WebP, GIF or AVIF"
"""The kinds that are known, in words."""
HEADER_BYTES = 768
"""So many bytes tell the kind."""

_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
_BRAND_BYTES = 4  # bytes of a brand, and of each other field of the box of brands
_AVIF_BRANDS = {b"avif", b"avis"}


def image_type(data: bytes) -> str:
    """Return the media type of a picture by its first bytes; empty when it is of no known kind."""
    for magic, name in _MAGIC:
        if data.startswith(magic):
            return name
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return "image/avif" if not _AVIF_BRANDS.isdisjoint(_brands(data)) else ""


def _brands(data: bytes) -> set[bytes]:
    """Return the brands of a file of boxes (ISO/IEC 14496-12, 4.3): the major one, its version, and the others."""
    if data[4:8] != b"ftyp":
        return set()
    size = int.from_bytes(data[:4], "big") or len(data)  # 0: up to the end of the file
    end = min(size, len(data), HEADER_BYTES)
    starts = [8, *range(16, end - _BRAND_BYTES + 1, _BRAND_BYTES)]
    return {data[start : start + _BRAND_BYTES] for start in starts}
