"""Who may change what, written down a second time from the mall's own table of posts and not from the add-on's."""

DOCUMENTS = {
    "cs_complaint": "cs_complaint_step",
    "cs_revisit": "cs_revisit_step",
    "cs_return": "cs_return_step",
    "cs_compensation": "cs_compensation_step",
}
# what belongs to which kind of document
OBJECTS = {
    "complaint": (
        "cs_complaint",
        "cs_complaint_contact",
        "cs_complaint_responsibility",
        "cs_complaint_escalation",
        "cs_complaint_link",
        "cs_complaint_identity",
        "cs_complaint_step",
        "cs_clock",
        "cs_clock_pause",
        "cs_clock_notice",
    ),
    "revisit": ("cs_revisit", "cs_revisit_attempt", "cs_revisit_answer", "cs_revisit_step"),
    "return": ("cs_return", "cs_return_line", "cs_return_verdict", "cs_return_step"),
    "compensation": ("cs_compensation", "cs_compensation_step"),
    "approval": ("cs_approval",),
    "stock": ("cs_compensation_stock",),
    "reception": ("cs_reception",),
    "questionnaire": ("cs_revisit_questionnaire", "cs_revisit_question", "cs_revisit_option"),
    "budget": ("cs_compensation_budget",),
    "money": ("account_move", "account_move_line", "account_payment", "account_partial_reconcile"),
}
OBJECT_OF = {table: name for name, tables in OBJECTS.items() for table in tables}  # other tables of ours: "settings"
EVERYTHING = {*OBJECTS, "settings"} - {"money"}
WORKS = {
    "agent": {"complaint", "revisit", "return", "approval", "reception"},
    "specialist": {"complaint", "revisit", "return", "approval", "reception", "compensation"},
    "supervisor": {"complaint", "revisit", "return", "approval", "reception", "compensation", "stock"},
    "manager": EVERYTHING,
    "clerk": {"complaint", "revisit", "reception"},
    "floor": {"complaint", "reception", "return"},
    "dept_head": {"complaint", "approval"},
    "satisfaction": {"revisit", "questionnaire"},
    "hr": {"complaint", "revisit", "approval"},
    "executive": {"approval", "return", "compensation"},
    "finance": {"compensation", "approval", "return", "money", "stock"},
    "accountant": {"compensation", "approval", "return", "money", "stock"},
    "admin": {"settings", "questionnaire"},
    "hq": set(),
}
# the system administrator of the centre keeps tables; Odoo's own one, who reads only here, has the same last name
SPEECHLESS = {"hq", "nobody", "fuzz_customer", "fuzz_stranger", "fuzz_employee", "admin"}
# steps that are open to whoever reads the case, or that follow from being asked
COMMON_STEPS = {
    "action_escalate",
    "action_answer",
    "action_reveal_phone",
    "action_open_identity",
    "action_approve",
    "action_refuse",
    "action_forward",
    "action_merchant_opinion",
    "action_sign",
}
LOOKS = {"action_reveal_phone", "action_open_identity"}
KEPT = {  # never changed, never deleted
    "cs_complaint_step",
    "cs_revisit_step",
    "cs_return_step",
    "cs_compensation_step",
    "cs_revisit_attempt",
    "cs_revisit_answer",
}
NEVER_DELETED = (
    KEPT
    | set(DOCUMENTS)
    | {
        "cs_approval",
        "cs_clock",
        "cs_clock_pause",
        "cs_clock_notice",
        "cs_complaint_contact",
        "cs_complaint_escalation",
        "cs_complaint_link",
        "cs_complaint_identity",
        "cs_reception",
        "cs_compensation_stock",
    }
)
STATES = {"state"}
SIGNED = {f"{who}_{what}" for who in ("handler", "customer", "manager") for what in ("signature", "signed_at")}
PROTECTED = {
    "cs_complaint": {
        "name",
        "user_id",
        "team_id",
        "department_id",
        "first_contact_id",
        "on_spot",
        "closed_at",
        "closed_by_id",
        "resolved_at",
        "assigned_at",
        "investigated_at",
        "handed_up",
        "unfounded_reason",
        "to_check",
        "answered_by_id",
        "major",
        "reopen_count",
        "transfer_count",
        "escalation_level",
        "merged",
        "archive_ref",
        "archived_at",
        "company_id",
        "revisit_waiver",
    },
    "cs_revisit": {
        "name",
        "score",
        "result",
        "done_at",
        "satisfaction",
        "attempt_count",
        "end_reason",
        "verified_at",
        "checked_by_id",
        "checked_at",
        "checked_satisfaction",
        "followup_id",
        "company_id",
    },
    "cs_return": {
        "name",
        "approval_round",
        "requested_by_id",
        "approved_at",
        "verdict",
        "policy_id",
        "overruled_by_id",
        "overrule_reason",
        "consent_at",
        "consent_by",
        "consent_user_id",
        "inspected_by_id",
        "inspected_at",
        "company_id",
        *SIGNED,
    },
    "cs_compensation": {
        "name",
        "approval_round",
        "requested_by_id",
        "approved_at",
        "amount_approved",
        "paid_at",
        "paid_by_id",
        "pay_state",
        "paid_amount",
        "legal_reviewed_by_id",
        "legal_reviewed_at",
        "finance_opinion_by_id",
        "finance_opinion_at",
        "move_id",
        "company_id",
        *SIGNED,
    },
}
# what follows accounting by itself
FOLLOWS_MONEY = {"pay_state", "paid_amount", "paid_at", "paid_by_id", "state", "move_id"}
# what was decided upon stays as it was decided
DECIDED = {
    "cs_return": (
        ("to_approve", "approved", "refused", "cancelled"),
        {"amount_refund", "amount_total", "fee", "partner_id", "kind"},
    ),
    "cs_compensation": (
        ("submitted", "approved", "paid", "refused", "cancelled"),
        {
            "amount",
            "payee_id",
            "payee_bank_id",
            "partner_id",
            "kind",
            "merchant_id",
            "recoverable_amount",
            "basis_id",
            "item_id",
            "item_quantity",
        },
    ),
}
ENDED = {"cs_complaint": ("closed", "unfounded", "withdrawn"), "cs_compensation": ("paid",)}
