"""What sign-in does our way: nobody opens an account by themselves, and its mail leaves from a stored row."""

import secrets
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from upheld.desks.telling import tell_agents
from upheld.mailboxes.outgoing.languages import language_for
from upheld.notices.models import Notice, NoticeKind
from upheld.people.models import Agent
from upheld.web.theme import is_own_path


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Store the mail; the worker sends it, tries again, and shows what failed."""
        language = language_for(email)
        with translation.override(language):
            mail = self.render_mail(template_prefix, email, context)
        key = secrets.token_urlsafe(24)
        host = urlsplit(settings.UPHELD_URL).hostname or "localhost"
        now = self.request.now
        Notice.objects.create(
            kind=NoticeKind.ACCOUNT,
            key=f"account:{key}",
            to_address=email,
            message_id=f"<account.{key}@{host}>",
            data={"subject": mail.subject, "text": mail.body, "language": language},
            next_try_at=now,
            created_at=now,
        )

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Lead to the desk's own address, whatever the request called us."""
        return settings.UPHELD_URL + urlsplit(super().get_reset_password_from_key_url(key)).path

    def logout(self, request: HttpRequest) -> None:
        """Open streams end with the session, wherever they were opened."""
        agent_id = Agent.objects.filter(user_id=request.user.pk).values_list("pk", flat=True).first()
        super().logout(request)
        if agent_id is not None:
            tell_agents([agent_id])

    def is_safe_url(self, url: str) -> bool:
        """Nobody is led elsewhere after signing in: not even to another name of this machine."""
        return is_own_path(url)

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that the proxies middleware settled on; no header is read again."""
        return request.META.get("REMOTE_ADDR", "")
