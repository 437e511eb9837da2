"""The garbage collector of a process that serves pages or does jobs."""

import gc

_THRESHOLDS = (20_000, 20, 50)  # so many new objects before the collector looks; a page makes some thousands


def pass_over_what_stays() -> None:
    """Let the collector pass over all that is in memory now (`gc.freeze`), and look at what comes later less often.

    Without this it walks over every template, table and setting again and again: the longest pages wait for it, and
    a workbook of ten thousand rows takes half as long again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
