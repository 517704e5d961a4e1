from . import test_bad_input
from . import test_forms
from . import test_install
from . import test_migrations
from . import test_portal
from . import test_queries
from . import test_reports
from . import test_workflow
