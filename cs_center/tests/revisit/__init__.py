from . import test_revisit
from . import test_revisit_kill
from . import test_revisit_plan
from . import test_revisit_queries
