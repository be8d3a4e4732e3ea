"""What kind of file a name's ending means.

Our own table: the one of the standard library changes with its version and the machine.
Part of the kernel. Imports nothing; called by whoever names a file's type.
"""

from __future__ import annotations

# fmt: off
BY_SUFFIX = {
    "aac": "audio/aac", "flac": "audio/flac", "m4a": "audio/mp4", "m4b": "audio/mp4",
    "mp3": "audio/mpeg", "oga": "audio/ogg", "ogg": "audio/ogg", "opus": "audio/ogg",
    "wav": "audio/wav",
    "m4v": "video/mp4", "mov": "video/quicktime", "mp4": "video/mp4", "ogv": "video/ogg",
    "webm": "video/webm",
    "avif": "image/avif", "bmp": "image/bmp", "gif": "image/gif", "heic": "image/heic",
    "ico": "image/vnd.microsoft.icon", "jpeg": "image/jpeg", "jpg": "image/jpeg",
    "jxl": "image/jxl", "png": "image/png", "svg": "image/svg+xml", "tif": "image/tiff",
    "tiff": "image/tiff", "webp": "image/webp",
    "csv": "text/csv", "ics": "text/calendar", "srt": "application/x-subrip", "txt": "text/plain",
    "vtt": "text/vtt",
    "7z": "application/x-7z-compressed", "epub": "application/epub+zip", "gpx": "application/gpx+xml",
    "gz": "application/gzip", "json": "application/json", "pdf": "application/pdf",
    "zip": "application/zip",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# fmt: on


def suffixes_of(kind: str) -> frozenset[str]:
    """The endings of files of a kind ("audio", "image", "video"), each with its dot."""
    return frozenset(
        f".{suffix}" for suffix, type in BY_SUFFIX.items() if type.startswith(f"{kind}/")
    )


def media_type_of(name: str) -> str | None:
    """The media type of a file by its name, or of an address's path; None for other endings."""
    return BY_SUFFIX.get(name.rpartition(".")[2].lower())
