"""`import` and `export`: every kind of file that goes in or out."""

from ccm.cli import exchange, register_exports, tracking, workbooks

imports, exports = exchange.imports, exchange.exports
workbooks.add_to(imports)
tracking.add_to(exports)
register_exports.add_to(exports)
