from . import cs_approval
from . import cs_clock
from . import cs_clock_pause
from . import cs_complaint
from . import cs_parking_claim
from . import cs_parking_claim_step
from . import cs_revisit
