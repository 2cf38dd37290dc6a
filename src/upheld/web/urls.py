"""The addresses of all pages."""

from django.urls import include, path, register_converter

from upheld.web.agent import acts, files
from upheld.web.agent.desk.absences import my_absences, strike_mine
from upheld.web.agent.history.page import ticket_history
from upheld.web.agent.mail import deeds as mail_deeds
from upheld.web.agent.mail.lists import mail_list
from upheld.web.agent.mail.one_mail import mail_bytes, mail_formatted, one_mail
from upheld.web.agent.mail.outgoing import give_up, outgoing_list, resend
from upheld.web.agent.preferences import choose_how_to_work, preferences
from upheld.web.agent.queue import queue
from upheld.web.agent.ticket import ticket
from upheld.web.assets import styles
from upheld.web.converters import TicketNumber
from upheld.web.home import home
from upheld.web.theme import theme
from upheld.web.unsubscribe import unsubscribe
from upheld.web.webhooks import mail_webhook

register_converter(TicketNumber, "number")

urlpatterns = [
    path("", home, name="home"),
    path("styles/<str:digest>.css", styles, name="stylesheet"),
    path("theme/", theme, name="theme"),
    path("preferences/", preferences, name="preferences"),
    path("preferences/working/", choose_how_to_work, name="choose_working"),
    path("unsubscribe/<str:token>/", unsubscribe, name="unsubscribe"),
    path("tickets/", queue, name="queue"),
    path("tickets/<number:number>/", ticket, name="ticket"),
    path("tickets/<number:number>/history/", ticket_history, name="ticket_history"),
    path("tickets/<number:number>/reply/", acts.reply, name="reply"),
    path("tickets/<number:number>/note/", acts.note, name="note"),
    path("tickets/<number:number>/status/", acts.status, name="set_status"),
    path("tickets/<number:number>/priority/", acts.priority, name="set_priority"),
    path("tickets/<number:number>/complaint/", acts.complaint, name="take_complaint"),
    path("tickets/<number:number>/assignee/", acts.assignee, name="assign"),
    path("tickets/<number:number>/messages/<int:message_id>/release/", acts.release, name="release_message"),
    path("tickets/<number:number>/participants/<int:participant_id>/put-out/", acts.put_out, name="put_out"),
    path("tickets/<number:number>/", include("upheld.web.agent.intake.urls")),
    path("tickets/<number:number>/readers/", include("upheld.web.agent.readers.urls")),
    path("tickets/<number:number>/", include("upheld.web.agent.life.urls")),
    path("tickets/<number:number>/", include("upheld.web.agent.outside.urls")),
    path("tickets/<number:number>/", include("upheld.web.agent.escalation.urls")),
    path("tickets/<number:number>/", include("upheld.web.agent.merging.urls")),
    path("", include("upheld.web.agent.composing.urls")),
    path("", include("upheld.web.agent.macros.urls")),
    path("", include("upheld.web.agent.labels.urls")),
    path("", include("upheld.web.agent.side.urls")),
    path("", include("upheld.web.agent.spam.urls")),
    path("", include("upheld.web.agent.requester.urls")),
    path("", include("upheld.web.agent.queues.urls")),
    path("", include("upheld.web.agent.bulk.urls")),
    path("", include("upheld.web.agent.snoozing.urls")),
    path("", include("upheld.web.agent.live.urls")),
    path("", include("upheld.web.agent.finding.urls")),
    path("attachments/<int:attachment_id>/<str:name>", files.attachment, name="attachment"),
    path("files/<int:attachment_id>/picture/", files.file_picture, name="file_picture"),
    path("files/<int:attachment_id>/beginning/", files.file_beginning, name="file_beginning"),
    path("messages/<int:message_id>/html", files.formatted_message, name="formatted_message"),
    path("mail/", mail_list, name="mail"),
    path("mail/<int:mail_id>/", one_mail, name="one_mail"),
    path("mail/<int:mail_id>/html", mail_formatted, name="mail_formatted"),
    path("mail/<int:mail_id>/bytes.eml", mail_bytes, name="mail_bytes"),
    path("mail/<int:mail_id>/release/", mail_deeds.release, name="release_mail"),
    path("mail/<int:mail_id>/release-onto/", mail_deeds.release_onto, name="release_mail_onto"),
    path("mail/<int:mail_id>/retry/", mail_deeds.retry, name="retry_mail"),
    path("mail/<int:mail_id>/discard/", mail_deeds.discard, name="discard_mail"),
    path("mail/webhooks/<slug:provider>/", mail_webhook, name="mail_webhook"),
    # A provider passes the mail on as it came where it sees "mime" in the address.
    path("mail/webhooks/<slug:provider>/mime/", mail_webhook, name="mail_webhook_mime"),
    path("mail/outgoing/", outgoing_list, name="outgoing_mail"),
    path("mail/outgoing/<int:notice_id>/again/", resend, name="resend_notice"),
    path("mail/outgoing/<int:notice_id>/give-up/", give_up, name="give_up_notice"),
    path("customers/", include("upheld.web.agent.customers.urls")),
    path("customers/contracts/", include("upheld.web.agent.contracts.urls")),
    path("customers/import/", include("upheld.web.agent.importing.urls")),
    path("held/", include("upheld.web.agent.held.urls")),
    path("policy/", include("upheld.web.agent.policy.urls")),
    path("", include("upheld.web.agent.calls.urls")),
    path("", include("upheld.web.agent.triage.urls")),
    path("alerts/", include("upheld.web.agent.alerts.urls")),
    path("watch/", include("upheld.web.agent.outside.watch_urls")),
    path("problems/", include("upheld.web.agent.problems.urls")),
    path("", include("upheld.web.agent.on_call.urls")),
    path("reports/", include("upheld.web.agent.compliance.urls")),
    path("desk/tiers/", include("upheld.web.agent.escalation.desk_urls")),
    path("desk/portals/", include("upheld.web.agent.portals.urls")),
    path("desk/", include("upheld.web.agent.desk.urls")),
    path("absences/", my_absences, name="my_absences"),
    path("absences/<int:absence_id>/strike/", strike_mine, name="strike_my_absence"),
    path("", include("upheld.web.portal.urls")),
]
