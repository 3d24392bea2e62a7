"""The tracking table, in the CCM's own columns: for Excel and for Word."""

from ccm.exports.tracking.content import Tracking, tracking
from ccm.exports.tracking.excel import HEADINGS, excel
from ccm.exports.tracking.word import word

__all__ = ["HEADINGS", "Tracking", "excel", "tracking", "word"]
