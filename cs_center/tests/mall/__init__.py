from . import test_deputies
from . import test_hidden_cases
from . import test_owned
from . import test_promise
from . import test_spelling
from . import test_deviation
from . import test_setup_check
