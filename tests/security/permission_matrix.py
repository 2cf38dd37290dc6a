"""Who is let in where: every address of the program, by the method of the request, and every command.

Each kind of person has a letter; an entry lists, in the order of `PEOPLE`, those who get in on what is ordinary and on
what is restricted. Where an address names no ticket, mail or held request the second counts for nothing. An address
that is in one of the tables only lets nobody in by the other method. `""` is nobody."""

PEOPLE = {
    "visitor": "V",
    "agent": "a",
    "lead": "l",
    "administrator": "A",
    "another desk's administrator": "X",
    "reader": "r",
    "reading lead": "R",
    "participant": "p",
    "organization member": "m",
    "acting partner": "P",
}
# Those who may do most: where nobody gets in, they are asked.
ALONE = ("administrator", "reading lead", "participant")

ALL = "ValAXrRpmP"
SIGNED_IN = "alAXrRpmP"
AGENTS = "alAXrR"
OF_THE_DESK = "alArR"
LEADS = "lAR"
LEADS_ANYWHERE = "lAXR"
ADMINISTRATOR = "A"
ADMINISTRATORS = "AX"
READERS = "rR"
READING_LEAD = "R"
CUSTOMERS = "pmP"

Table = dict[str, tuple[str, str]]


def _of(who: str, names: str, *, few: str = "") -> Table:
    """Entries for addresses; `few` gets in on what is restricted, and the same people where it is left out."""
    return dict.fromkeys(names.split(), (who, few or who))


PAGES: Table = {
    # The way in, and what is for everybody.
    **_of(ALL, "stylesheet"),
    **_of(ALL, "home metrics unsubscribe account_login account_request_login_code account_logout"),
    **_of(ALL, "account_inactive account_reset_password account_reset_password_done"),
    **_of(ALL, "account_reset_password_from_key account_reset_password_from_key_done"),
    **_of(SIGNED_IN, "account_confirm_login_code"),
    # The customers of these tests have a password, and its agents none yet.
    **_of(CUSTOMERS, "account_change_password account_reauthenticate"),
    **_of(AGENTS, "account_set_password"),
    **_of("", "mail_webhook mail_webhook_mime"),
    # It says what became of a call, to who has just entered one.
    **_of("", "call_taken"),
    **_of(ALL, "portal portal:desks portal:start portal:follow portal:contact portal:policy portal:new"),
    **_of(ALL, "portal:look portal:held portal:zone portal:sent"),
    # A signed link opens to whoever holds it.
    **_of(ALL, "portal:link portal:link_file portal:link_urgent portal:link_information portal:large_file"),
    **_of(ALL, "portal:link_works portal:link_broken"),
    # The customer, signed in.
    **_of(CUSTOMERS, "portal:mine portal:me"),
    **_of(CUSTOMERS, "portal:request portal:request_file", few="p"),
    **_of("pP", "portal:request_urgent portal:request_information", few="p"),
    **_of("pP", "portal:request_works portal:request_broken", few="p"),
    # Tickets.
    **_of(AGENTS, "alerts queue preferences policies new_ticket new_call my_absences"),
    **_of(AGENTS, "watch_list problems new_problem find find_suggestions"),
    **_of(OF_THE_DESK, "problem_of_ticket workaround_in_reply", few=READERS),
    # A problem itself is never restricted.
    **_of(OF_THE_DESK, "affected_tickets broadcast solve_problem"),
    **_of(OF_THE_DESK, "ticket readers attachment formatted_message split_ticket", few=READERS),
    **_of(OF_THE_DESK, "ticket_history file_picture file_beginning", few=READERS),
    **_of(OF_THE_DESK, "about_ticket classify_ticket escalation", few=READERS),
    **_of(OF_THE_DESK, "desk_macros new_macro one_macro"),
    **_of(LEADS_ANYWHERE, "tier_times"),
    **_of(AGENTS, "compliance compliance_clocks compliance_pauses"),
    **_of(OF_THE_DESK, "merge_ticket", few=READERS),
    # Saved queues: everybody saves their own, and the desk's are for leads.
    **_of(AGENTS, "queues new_queue suggest_search"),
    **_of(LEADS, "change_queue"),
    # What is being written. Each sees their own, and another's is as good as none.
    **_of(AGENTS, "drafts presses"),
    # What became of a change of many is told to whoever pressed it.
    **_of("", "many_outcome"),
    # What is live.
    **_of(AGENTS, "events unread_alerts new_alerts"),
    **_of(OF_THE_DESK, "fresh_ticket", few=READERS),
    **_of(OF_THE_DESK, "desk_replies"),
    **_of(OF_THE_DESK, "people_to_name offered_replies", few=READERS),
    **_of(OF_THE_DESK, "known_tags new_side one_side change_requester", few=READERS),
    **_of(LEADS_ANYWHERE, "labels"),
    **_of(LEADS, "labels_of_desk"),
    **_of(AGENTS, "senders"),
    **_of(OF_THE_DESK, "senders_of_desk"),
    # Who is on call. The link of a letter opens one page, a key one calendar, to whoever holds it.
    **_of(AGENTS, "rotas"),
    **_of(OF_THE_DESK, "rota"),
    **_of(ADMINISTRATOR, "new_rota"),
    **_of(ALL, "page rota_feed own_rota_feed"),
    # Mail, and what is held.
    **_of(LEADS_ANYWHERE, "mail outgoing_mail"),
    **_of(LEADS, "one_mail mail_formatted mail_bytes", few=READING_LEAD),
    **_of(AGENTS, "held_requests"),
    **_of(OF_THE_DESK, "held_request formatted_held held_file", few=READERS),
    # Customers.
    **_of(AGENTS, "customers contracts"),
    **_of(OF_THE_DESK, "contact organization contract"),
    **_of(LEADS_ANYWHERE, "new_contact new_organization new_contract import_customers import_template"),
    **_of(LEADS, "change_contact change_contact_address merge_contact change_organization"),
    **_of(LEADS, "new_site site sign_contract change_contract renew_contract end_contract"),
    # The desk and its policy.
    **_of(OF_THE_DESK, "policy policy_version policy_source"),
    **_of(ADMINISTRATOR, "policy_closed_day policy_draft policy_effect policy_effect_table"),
    **_of(ADMINISTRATORS, "desk_settings new_desk portals"),
    **_of(ADMINISTRATOR, "portals_of_desk portal_new portal_preview portal_look portal_settings"),
    **_of(ADMINISTRATOR, "desk desk_about desk_staff desk_teams desk_roles desk_absences desk_mailboxes"),
    **_of(ADMINISTRATOR, "desk_audit desk_proof desk_auditors"),
    **_of("ArR", "desk_readers"),
}

FORMS: Table = {
    # The way in, and what is for everybody.
    **_of(ALL, "metrics theme unsubscribe account_login account_request_login_code account_logout"),
    **_of(ALL, "account_reset_password account_reset_password_from_key"),
    **_of(SIGNED_IN, "account_confirm_login_code"),
    # The customers of these tests have a password, and its agents none yet.
    **_of(CUSTOMERS, "account_change_password account_reauthenticate"),
    **_of(AGENTS, "account_set_password"),
    **_of(ALL, "portal:new portal:zone"),
    # A signed link opens to whoever holds it.
    **_of(ALL, "portal:link portal:link_urgent portal:link_information portal:link_works portal:link_broken"),
    # Macros: everybody makes their own, and the desk's are for leads.
    **_of(OF_THE_DESK, "look_at_macro run_macro", few=READERS),
    **_of(OF_THE_DESK, "new_macro"),
    **_of(LEADS, "one_macro remove_macro"),
    # The customer, signed in; who only follows a request writes nothing.
    **_of("pP", "portal:request portal:request_urgent", few="p"),
    **_of("pP", "portal:request_information portal:request_works portal:request_broken", few="p"),
    **_of(CUSTOMERS, "portal:me"),
    # This desk's policy promises no further path.
    **_of("", "portal:link_further portal:request_further"),
    # Tickets.
    **_of(AGENTS, "read_alerts choose_alert_hours choose_alert_ways add_alert_address"),
    # Another's address is as good as none, and each is refused in words.
    **_of(AGENTS, "try_alert_address turn_alert_address remove_alert_address"),
    **_of(AGENTS, "choose_working"),
    **_of(AGENTS, "preferences new_ticket new_call my_absences strike_my_absence"),
    # Saved queues: everybody saves their own, and the desk's are for leads.
    **_of(AGENTS, "new_queue"),
    **_of(LEADS, "change_queue move_queue delete_queue"),
    # What is being written. Another's press is as good as none, and refused in words.
    **_of(AGENTS, "choose_signature take_back hurry"),
    # Of what was chosen it changes what its agent may see and change.
    **_of(AGENTS, "change_many"),
    **_of(OF_THE_DESK, "snooze_ticket wake_ticket", few=READERS),
    **_of(OF_THE_DESK, "keep_draft discard_draft add_draft_files remove_draft_file", few=READERS),
    **_of(OF_THE_DESK, "preview_reply offered_replies", few=READERS),
    **_of(OF_THE_DESK, "save_reply remove_saved_reply"),
    **_of(OF_THE_DESK, "reply note set_status set_priority assign take_complaint", few=READERS),
    **_of(OF_THE_DESK, "promise_update status_effect priority_effect", few=READERS),
    **_of(OF_THE_DESK, "release_message put_out about_ticket classify_ticket log_call", few=READERS),
    **_of(OF_THE_DESK, "fill_in_information ask_information waive_information", few=READERS),
    **_of(OF_THE_DESK, "hand_over join_ticket ask_colleague leave_ticket", few=READERS),
    **_of(OF_THE_DESK, "link_tickets unlink_tickets split_ticket close_out_of_scope", few=READERS),
    **_of(OF_THE_DESK, "restrict_ticket add_reader put_out_reader lift_restriction", few=READERS),
    **_of(OF_THE_DESK, "watch_third_party change_third_party third_party_works_again", few=READERS),
    **_of(OF_THE_DESK, "give_up_third_party add_outside_work", few=READERS),
    **_of(OF_THE_DESK, "change_outside_work remove_outside_work", few=READERS),
    **_of(LEADS, "store_information", few=READING_LEAD),
    **_of(OF_THE_DESK, "merge_ticket unmerge_ticket", few=READERS),
    **_of(AGENTS, "new_problem"),
    **_of(OF_THE_DESK, "problem_of_ticket leave_problem", few=READERS),
    **_of(OF_THE_DESK, "affected_tickets describe_workaround set_problem_status broadcast solve_problem"),
    **_of(OF_THE_DESK, "tag_ticket untag_ticket own_fields mark_spam unmark_spam", few=READERS),
    **_of(OF_THE_DESK, "open_side write_side close_side reopen_side change_requester", few=READERS),
    **_of(LEADS, "rename_tag merge_tag delete_tag add_own_field change_own_field move_own_field"),
    **_of(LEADS, "retire_own_field bring_back_own_field"),
    **_of(OF_THE_DESK, "add_sender remove_sender"),
    # Who is on call. Everybody takes a shift over themselves; back gives it who entered that, or an administrator.
    **_of(ALL, "page"),
    **_of(OF_THE_DESK, "acknowledge_page", few=READERS),
    **_of(OF_THE_DESK, "take_shift"),
    **_of(ADMINISTRATOR, "new_rota change_rota arrange_rota give_shift_back renew_rota_feed remove_rota"),
    # Mail, and what is held.
    **_of(LEADS, "release_mail release_mail_onto retry_mail discard_mail", few=READING_LEAD),
    **_of(LEADS, "resend_notice give_up_notice", few=READING_LEAD),
    **_of(OF_THE_DESK, "admit_by_contract admit_with_reason admit_now decline_held", few=READERS),
    **_of(OF_THE_DESK, "admit_from_call", few=READERS),
    # Customers.
    **_of(LEADS_ANYWHERE, "new_contact new_organization import_customers"),
    **_of(LEADS, "change_contact change_contact_address join_organization merge_contact"),
    **_of(LEADS, "change_organization add_person change_person add_domain remove_domain"),
    **_of(LEADS, "add_partner change_partner new_site site remove_site"),
    **_of(LEADS, "sign_contract change_contract renew_contract end_contract"),
    # The desk and its policy.
    **_of(ADMINISTRATOR, "policy_again policy_withdraw policy_change policy_closed_day policy_draft"),
    **_of(ADMINISTRATOR, "policy_discard policy_effect policy_publish"),
    **_of(ADMINISTRATORS, "new_desk"),
    **_of(ADMINISTRATOR, "portal_new portal_settings portal_move portal_remove change_desk"),
    **_of(ADMINISTRATOR, "add_staff change_right set_staff_zone set_sign_in take_off_desk"),
    **_of(ADMINISTRATOR, "add_team change_team dissolve_team fill_role clear_role"),
    **_of(ADMINISTRATOR, "enter_absence strike_absence name_reader take_out_reader"),
    **_of(ADMINISTRATOR, "name_auditor strike_auditor"),
    **_of(ADMINISTRATOR, "add_mailbox change_mailbox default_mailbox verify_desk"),
    # What is live.
    **_of(AGENTS, "read_in_bell choose_browser_alerts"),
    **_of(OF_THE_DESK, "at_ticket", few=READERS),
}

# What a command prints of a restricted ticket. Whoever may run commands owns the machine, and so the database.
NOTHING, NUMBER, ON_DEMAND = "nothing", "number", "the bytes, where they are asked for"
COMMANDS: dict[str, str] = {
    **dict.fromkeys(
        (
            "setup", "serve", "web", "worker", "demo", "lab", "migrate", "backup", "restore", "manage", "doctor",
            "desk show", "desk set",
            "policy check", "policy pack", "policy versions", "policy source", "policy withdraw", "policy show",
            "policy explain", "policy evaluate", "policy schema", "policy simulate", "policy diff",
            "policy reference", "policy classify", "policy holiday add", "policy holiday remove",
            "user add", "user list", "user password", "user deactivate", "role list", "role fill", "role clear",
            "customers import", "customers template", "mailbox list", "mailbox add", "mailbox set",
            "mail listen", "mail deliver", "mail parse", "mail retry", "mail discard",
            "mail source add", "mail source list", "mail source test", "mail source fetch", "mail source on",
            "mail source off", "mail source remove", "mail source password", "bench seed", "bench stories",
            "policy publish", "reader take-out", "auditor list", "auditor name", "auditor strike",
            "report compliance", "bench drop",
        ),
        NOTHING,
    ),
    **dict.fromkeys(
        (
            "policy zones", "verify", "reader list", "reader name", "mail list", "mail release", "mail outgoing",
            "mail resend",
        ),
        NUMBER,
    ),
    "mail show": ON_DEMAND,
}  # fmt: skip
