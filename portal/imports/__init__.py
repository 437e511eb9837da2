"""A school's own workbook: reading it, mapping its columns, seeing what it would change, running and undoing it.

Tables: import_run, import_page (what the run would do, sealed, for a day), import_row (what it did, for a day),
import_mapping (how a school's columns were mapped before). Jobs: imports.read, imports.check, imports.store,
imports.undo, imports.clear. For administration (`IMPORT_RUN`), and the operator by `portal import`.
"""
