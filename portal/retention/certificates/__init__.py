"""Certificates of erasure: what was erased, what is kept and under which law until when, and nobody's name."""
