"""Reading a school's own workbook: from bytes to cells, headers, and values; pure, with no database and no Flask.

A file that can't be read is refused with `Invalid("workbook", code)`; a cell that can't, with `Unusable(code)`.
"""
