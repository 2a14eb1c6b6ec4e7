from . import test_recovery_repair
