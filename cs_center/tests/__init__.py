# Odoo runs the test modules that are attributes of this package
# ruff: noqa: F403
from .engine import *
from .mall import *
from .clock import *
from .complaint import *
from .revisit import *
from .returns import *
from .compensation import *
from .security import *
from .tours import *
