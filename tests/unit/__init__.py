from . import (
    test_caller_number,
    test_demo_plan,
    test_facts,
    test_history_csv,
    test_ladder,
    test_log,
    test_outlook,
    test_reading,
    test_replay,
    test_replay_properties,
    test_rule,
    test_rule_properties,
)
