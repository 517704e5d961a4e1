from . import test_sms_letters
