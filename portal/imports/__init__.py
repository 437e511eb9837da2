"""A school's own workbook, of learners or of their results: mapping its columns, seeing what it does, storing, undoing.

Tables: import_mapping, import_page, import_row, import_run. Jobs: imports.check, imports.clear,
imports.read, imports.store, imports.undo. Used by: administration, and the operator by `portal import`; teachers and
coaches bring in results.
"""
