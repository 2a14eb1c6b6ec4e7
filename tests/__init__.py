from .unit import *
from . import test_rule_sql
