from . import test_complaint
from . import test_complaint_hand
from . import test_complaint_identity
from . import test_identity_look
from . import test_complaint_similar
from . import test_complaint_waiver
from . import test_complaint_whole
from . import test_erasure
