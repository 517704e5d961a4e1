from . import cs_complaint_assign
from . import cs_complaint_answer
from . import cs_words_mixin
from . import cs_complaint_words
from . import cs_revisit_words
from . import cs_return_words
from . import cs_return_period
from . import mail_compose_message
