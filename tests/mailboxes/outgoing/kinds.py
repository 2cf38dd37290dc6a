"""One notice's data for every kind, as the actions write it."""

DUE = "2026-03-31T12:20:00+00:00"
ALL_KINDS = {
    "acknowledgement": {"first_response_due": DUE, "link_why": True, "channel": "email"},
    "reply": {"text": "Try this.", "agent_name": "Priya", "signature": "", "status_label": "Resolved"},
    "status": {
        "from_label": "Being processed",
        "to_label": "Awaiting your reply",
        "meaning": "We need something from you.",
        "timer_on": False,
        "resolution_due": None,
        "closes_at": DUE,
    },
    "reminder": {
        "status_label": "Awaiting your reply",
        "meaning": "We wait.",
        "step": "first",
        "closes_at": DUE,
    },
    "assigned": {"by": "Omar", "priority_label": "High", "next_due": DUE},
    "customer_wrote": {"contact_name": "Alice Archer", "priority_label": "High"},
    "warning": {
        "metric": "first_response",
        "due_at": DUE,
        "percent": 75,
        "priority_label": "High",
        "at": "2026-03-31T11:35:00+00:00",
    },
    "breach": {"metric": "resolution", "due_at": DUE, "priority_label": "High"},
    "escalated": {
        "role": "Support manager",
        "metric": "resolution",
        "step_number": 2,
        "page": True,
        "counts_from": "2026-03-31T09:20:00.000000Z",
        "at": "2026-03-31T11:20:00+00:00",
        "priority_label": "High",
    },
    "bounced": {
        "recipient": "alice@reader.example",
        "status": "5.1.1",
        "reason": "no such person",
        "bounced_kind": "reply",
        "priority_label": "High",
    },
    "answer_kept": {"reason": "the sender's domain did not pass its check", "raw_mail": 7},
    "digest": {},
    "account": {"subject": "Your code", "text": "Your code is 123456.\n\nhttps://desk.example.com/in/"},
}
INSTANTS = ("first_response_due", "resolution_due", "closes_at", "next_due", "due_at", "at", "counts_from")
TO_CUSTOMER = ("acknowledgement", "reply", "status", "reminder")
