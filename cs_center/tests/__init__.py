from . import test_complaint
from . import test_workflow
from . import test_tours
