"""The garbage collector of a process that answers pages: the web server's, and that of a bench."""

import gc


def figer():
    """What lives as long as the process leaves the collector: a full pass over it stopped a page
    for 110 ms. The thresholds make its other passes short rather than rare."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(2_000, 10, 20)
