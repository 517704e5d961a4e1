from . import cs_complaint_figures_mixin
from . import cs_clock_report
from . import cs_complaint_report
from . import cs_revisit_report
