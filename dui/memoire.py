"""The memory of a process that answers pages: the web server's, and that of a bench."""

import gc
from collections.abc import Callable
from typing import Any


def figer():
    """What lives as long as the process leaves the collector: a full pass over it stopped a page
    for 110 ms. The thresholds make its other passes short rather than rare."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(2_000, 10, 20)


def appeler_au_large(fonction: Callable, /, *args: Any, **kwargs: Any) -> Any:
    """`fonction(*args, **kwargs)`, with room for the frames of all that it calls.

    CPython keeps frames in blocks of 16 KiB, and gives a block back to the system as soon as the
    first frame in it returns: a loop that happens to stand at the edge of one asks for a block
    and gives it back at each call, thousands of times a second.
    """
    return fonction(*args, **kwargs)


# A frame that says it needs 320 kB is given a block of 512: what it calls lives in what is left,
# and of what it does not use nothing is ever touched.
appeler_au_large.__code__ = appeler_au_large.__code__.replace(co_stacksize=40_000)


def au_large(get_response):
    """Middleware, the first of all: one block of memory for the calls of a page."""

    def repondre(requete):
        return appeler_au_large(get_response, requete)

    return repondre
