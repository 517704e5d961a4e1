from . import cs_outlay_mixin
from . import cs_approval_mixin
from . import superiors
from . import cs_parties_mixin
from . import cs_approval_terms
from . import cs_approval_tier
from . import cs_approval
from . import cs_setup_check
