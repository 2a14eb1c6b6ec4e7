from . import caller, complaint_survey
