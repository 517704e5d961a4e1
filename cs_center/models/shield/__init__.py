from . import cs_case_shield_mixin
from . import cs_stranger_mixin
from . import cs_mail_shield_mixin
from . import ir_rule
from . import mail_followers
from . import mail_message
from . import mail_notification
from . import rating_rating
