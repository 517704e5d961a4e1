from . import test_tours_compensation
from . import test_tours_deadlines
from . import test_tours_deciding
from . import test_tours_desk
from . import test_tours_floor
from . import test_tours_handling
from . import test_tours_return
from . import test_tours_revisit
