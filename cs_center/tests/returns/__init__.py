from . import test_return_approval
from . import test_return_order_values
from . import test_return_superiors
from . import test_return_verdict
