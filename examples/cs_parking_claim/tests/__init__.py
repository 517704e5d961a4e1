from . import test_cs_parking_claim
