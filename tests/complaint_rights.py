"""What groups may do with the models of complaints, apart from record rules."""

READ, USE, RECORD, ALL, NONE = "r", "rw", "rwc", "rwcu", ""

# What salespeople, handlers, complaint managers and administrators may do: read, write,
# create, unlink. Customers read complaints; nobody else does anything.
COMPLAINT_RIGHTS = {
    "customer.complaint": (RECORD, RECORD, ALL, ALL),
    "customer.complaint.agenda": (READ, READ, READ, READ),
    "customer.complaint.category": (READ, READ, ALL, ALL),
    "customer.complaint.cause": (READ, READ, ALL, ALL),
    "customer.complaint.clock": (READ, READ, READ, READ),
    "customer.complaint.clock.event": (READ, READ, READ, READ),
    "customer.complaint.clock.segment": (READ, READ, READ, READ),
    "customer.complaint.close": (ALL, ALL, ALL, ALL),
    "customer.complaint.decision": (ALL, ALL, ALL, ALL),
    "customer.complaint.escalation": (NONE, READ, ALL, ALL),
    "customer.complaint.event": (READ, READ, READ, READ),
    "customer.complaint.evidence": (NONE, ALL, ALL, ALL),
    "customer.complaint.incident": (READ, RECORD, ALL, ALL),
    "customer.complaint.incident.answer": (NONE, ALL, ALL, ALL),
    "customer.complaint.incident.link": (NONE, ALL, ALL, ALL),
    "customer.complaint.incident.reach": (NONE, ALL, ALL, ALL),
    "customer.complaint.incident.reach.line": (NONE, ALL, ALL, ALL),
    "customer.complaint.letter": (NONE, READ, READ, READ),
    "customer.complaint.letter.line": (NONE, NONE, NONE, READ),
    "customer.complaint.merge": (NONE, READ, READ, READ),
    "customer.complaint.merge.dialog": (NONE, ALL, ALL, ALL),
    "customer.complaint.notice": (NONE, USE, USE, USE),
    "customer.complaint.pass.on": (ALL, ALL, ALL, ALL),
    "customer.complaint.policy": (NONE, READ, ALL, ALL),
    "customer.complaint.policy.target": (NONE, READ, ALL, ALL),
    "customer.complaint.promise": (ALL, ALL, ALL, ALL),
    "customer.complaint.quick": (ALL, ALL, ALL, ALL),
    "customer.complaint.recourse": (READ, RECORD, ALL, ALL),
    "customer.complaint.reevaluation": (ALL, ALL, ALL, ALL),
    "customer.complaint.reevaluation.line": (ALL, ALL, ALL, ALL),
    "customer.complaint.remedy": (READ, READ, ALL, ALL),
    "customer.complaint.report": (NONE, READ, READ, READ),
    "customer.complaint.repurchase": (NONE, NONE, READ, READ),
    "customer.complaint.review": (NONE, NONE, RECORD, RECORD),
    "customer.complaint.split": (NONE, ALL, ALL, ALL),
    "customer.complaint.stage": (READ, READ, ALL, ALL),
    "customer.complaint.survey": (NONE, READ, READ, READ),
    "customer.complaint.tag": (READ, READ, ALL, ALL),
    "customer.complaint.team": (READ, READ, ALL, ALL),
    "customer.complaint.wait": (ALL, ALL, ALL, ALL),
    "customer.complaint.throttle": (NONE, NONE, NONE, "ru"),
    "customer.corrective.action": (NONE, RECORD, ALL, ALL),
    "customer.recovery.action": ("rc", ALL, ALL, ALL),
    "customer.recovery.guide": (NONE, READ, ALL, ALL),
    "customer.recovery.limit": (NONE, READ, ALL, ALL),
    "customer.recovery.reason.wizard": (ALL, ALL, ALL, ALL),
    "customer.recovery.tally": (NONE, NONE, NONE, READ),
    "customer.recovery.trust": (NONE, READ, "rc", "rc"),
    "customer.recovery.type": (READ, READ, ALL, ALL),
    "customer.service.guarantee": (READ, READ, ALL, ALL),
}

# Methods that may be called from outside, by model: buttons, and what core calls.
COMPLAINT_PUBLIC = {
    "account.move": {
        "action_quick_complaint",
    },
    "customer.complaint": {
        "action_acknowledge",
        "action_answer",
        "action_carry_out_plan",
        "action_close",
        "action_communicate_decision",
        "action_decide_on_abuse",
        "action_follow_severity",
        "action_investigate",
        "action_leave_closed",
        "action_merge",
        "action_open_customer_complaints",
        "action_open_customer_orders",
        "action_open_duplicates",
        "action_pass_on",
        "action_plan_correction",
        "action_plan_usual",
        "action_promise_update",
        "action_reevaluate_policy",
        "action_reopen",
        "action_reopen_for_reply",
        "action_resolve",
        "action_resume",
        "action_split",
        "action_submit_plan",
        "action_undo_merge",
        "action_wait_for_customer",
        "message_new",
        "message_post",
        "message_update",
    },
    "customer.complaint.agenda": {
        "action_open_complaint",
    },
    "customer.complaint.close": {
        "action_close",
        "action_decide",
    },
    "customer.complaint.decision": {
        "action_communicate",
    },
    "customer.complaint.evidence": {
        "action_bundle",
        "action_print",
    },
    "customer.complaint.incident": {
        "action_answer",
        "action_open_complaints",
        "action_who_else",
    },
    "customer.complaint.incident.answer": {
        "action_send",
    },
    "customer.complaint.incident.link": {
        "action_link",
    },
    "customer.complaint.incident.reach": {
        "action_send",
    },
    "customer.complaint.letter": {
        "action_go_on",
        "action_stop",
    },
    "customer.complaint.merge.dialog": {
        "action_merge",
    },
    "customer.complaint.notice": {
        "action_dismiss",
        "action_take_up",
    },
    "customer.complaint.pass.on": {
        "action_pass_on",
    },
    "customer.complaint.policy": {
        "action_open_versions",
    },
    "customer.complaint.promise": {
        "action_promise",
    },
    "customer.complaint.quick": {
        "action_another",
        "action_create_complaint",
        "action_open_complaint",
    },
    "customer.complaint.reevaluation": {
        "action_apply",
    },
    "customer.complaint.repurchase": {
        "get_curve",
    },
    "customer.complaint.review": {
        "action_print",
    },
    "customer.complaint.split": {
        "action_split",
    },
    "customer.complaint.team": {
        "action_open_complaints",
    },
    "customer.complaint.wait": {
        "action_wait",
    },
    "customer.corrective.action": {
        "action_cancel",
        "action_done",
        "action_reopen",
    },
    "customer.recovery.action": {
        "action_accepted",
        "action_approve",
        "action_cancel",
        "action_carry_out",
        "action_open_answer",
        "action_open_decline",
        "action_open_declined",
        "action_open_document",
        "action_open_reverse",
        "action_propose_again",
        "action_submit",
    },
    "customer.recovery.reason.wizard": {
        "action_confirm",
    },
    "res.config.settings": {
        "action_create_complaint_team",
    },
    "res.partner": {
        "action_open_complaints",
        "action_quick_complaint",
    },
    "sale.order": {
        "action_apply_complaint_discount",
        "action_open_complaints",
        "action_open_customer_complaints",
        "action_quick_complaint",
    },
}
