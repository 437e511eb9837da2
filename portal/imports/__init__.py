"""A school's own workbook: reading it, mapping its columns, seeing what it would change, running and undoing it.

Tables: import_mapping, import_page, import_row, import_run. Jobs: imports.check, imports.clear,
imports.read, imports.store, imports.undo. Used by: administration, and the operator by `portal import`.
"""
