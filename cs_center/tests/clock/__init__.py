from . import test_clock
from . import test_clock_agree
from . import test_clock_calendar
from . import test_clock_facts
from . import test_clock_kill
from . import test_clock_life
from . import test_clock_pause
from . import test_clock_sweep
