from . import test_compensation_kill
from . import test_compensation_money
from . import test_compensation_print
from . import test_compensation_property
from . import test_compensation_queries
from . import test_compensation_setup
from . import test_compensation_twice
from . import test_compensation_undone
