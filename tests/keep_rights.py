"""What groups may do with losses, cases and hold-outs, apart from record rules."""

READ, RECORD, ALL, NONE = "r", "rwc", "rwcu", ""

# What users, managers and administrators may do: read, write, create, unlink.
KEEP_RIGHTS = {
    "customer.churn.event": (RECORD, RECORD, RECORD),
    "customer.churn.mention": (READ, READ, READ),
    "customer.churn.reason": (READ, READ, ALL),
    "customer.churn.survey": (READ, READ, READ),
    "customer.retention.campaign": (NONE, ALL, ALL),
    "customer.retention.case": (RECORD, RECORD, RECORD),
    "customer.retention.draw": (NONE, READ, READ),
    "customer.retention.effect": (NONE, READ, READ),
    "customer.retention.offer": (ALL, ALL, ALL),
    "customer.retention.play": (READ, READ, ALL),
}

# Rows are as visible as the relationship of their customer.
KEEP_OF_AN_ACCOUNT = (
    "customer.churn.event",
    "customer.churn.mention",
    "customer.churn.survey",
    "customer.retention.case",
    "customer.retention.offer",
)

# Rows are seen by whoever works in their company.
KEEP_OF_A_COMPANY = ("customer.churn.reason", "customer.retention.play")

# Who is left alone is seen by managers: a salesperson who knew would act on it.
OF_MANAGERS = (
    "customer.retention.campaign",
    "customer.retention.draw",
    "customer.retention.effect",
)

# Methods that may be called from outside, by model.
KEEP_PUBLIC = {
    "customer.churn.event": {
        "action_ask",
        "action_open_relationship",
        "action_open_win_back",
        "action_start_campaign",
        "action_void",
    },
    "customer.churn.mention": {"action_withdraw"},
    "customer.churn.score": {"action_open_case", "action_start_campaign"},
    "customer.relationship": {"action_declare_lost", "action_open_retention_case"},
    "customer.retention.campaign": {"action_open_draws", "action_send"},
    "customer.retention.case": {
        "action_cancel",
        "action_let_go",
        "action_lost",
        "action_open_partner",
        "action_protect",
        "action_reopen",
    },
    "customer.retention.effect": {"action_open_draws"},
    "customer.retention.offer": {
        "action_approve",
        "action_decline",
        "action_given",
        "action_refused",
        "action_submit",
    },
    "customer.retention.play": {"action_open_cases"},
}


def create_kept(env, partner, company):
    """Create a row in each of these models that hangs on an account."""
    about = {"partner_id": partner.id, "company_id": company.id}
    reason = env["customer.churn.reason"].search([("parent_id", "=", False)], limit=1)
    env["customer.churn.mention"]._hear(partner, company, reason, "complaint")
    event = env["customer.churn.event"].create(about)
    env["customer.churn.survey"].create({"event_id": event.id})
    # of the administrator: whoever is responsible for a case sees it besides
    case = env["customer.retention.case"].create({**about, "user_id": env.uid})
    env["customer.retention.offer"].create({"case_id": case.id, "name": "Test"})
