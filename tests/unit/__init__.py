from . import test_rule
from . import test_rule_properties
from . import test_outlook
from . import test_history_csv
