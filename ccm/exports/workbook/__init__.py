"""The focal point's workbook: an Excel file to fill offline and to send back."""

from ccm.exports.workbook.file import file_name, workbook

__all__ = ["file_name", "workbook"]
