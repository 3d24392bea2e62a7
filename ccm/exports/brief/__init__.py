"""The session brief: its content in the reader's language, set as PDF, Word and HTML."""

from ccm.exports.brief.content import content
from ccm.exports.brief.model import Content

__all__ = ["Content", "content"]
