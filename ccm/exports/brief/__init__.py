"""The session brief: its content in the reader's language, set as PDF, Word and HTML."""

from ccm.exports.brief.content import Content, content

__all__ = ["Content", "content"]
