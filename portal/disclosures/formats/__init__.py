"""A file's content as a stream of bytes, in the form that was asked."""

from portal.disclosures.formats.content import content_of, media_type_of

__all__ = ["content_of", "media_type_of"]
