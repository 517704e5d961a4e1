from . import cs_approval_mixin
from . import superiors
from . import cs_parties_mixin
from . import cs_approval_tier
from . import cs_approval
