from . import cs_complaint
from . import cs_complaint_ledger
from . import lookup
from . import faults
from . import take_back
