"""pytest plugin: Python looks less often for garbage.

What Odoo loads is hundreds of thousands of objects that live as long as the tests; to go through them again and again
costs a good part of the time."""

import gc
from functools import cache

# a test makes and drops objects by the hundred thousand
OBJECTS = 100_000


def pytest_runtest_call():
    look_away()


@cache
def look_away():
    """Once, when Odoo is loaded."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS, 20, 20)
