"""Inzage: a portal in which a language school keeps what it promises about its learners' data.

Each folder is a feature; its `__init__.py` says what it is for. Each imports only what stands left of it, and
import-linter holds it to that: config ← core ← permissions ← schools ← policy ← accounts ← notifications ←
organisations ← courses ← learners ← representation ← purposes ← identity ← attendance | progress | finances ← hours ←
signals ← contacts ← disclosures ← requests ← intakes ← retention ← imports ← oversight ← assurance ← overview ← web ←
ports ← wiring ← app ← cli | demo. What a lower one needs from a higher one is a port (`core/ports.py`), connected in
`ports.py`. Inside a feature: routes, jobs, commands; forms, presenters; services; events; queries; models.
"""
