"""Access tokens of OAuth2: the one door through which fetching asks something of a web server.

Only https, or http on this machine; no redirects; bounded in time and size. Tokens are held in memory until they end.
"""

import json
import re
import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx

from upheld.mailboxes.fetching import credentials as kept
from upheld.mailboxes.fetching.credentials import Credentials
from upheld.mailboxes.fetching.tls import is_loopback, trusting_context
from upheld.mailboxes.fetching.trouble import FetchTrouble
from upheld.mailboxes.models import Source

SECONDS = 20
LARGEST_ANSWER = 64 * 1024
# Given up a little before it ends, since signing in takes a moment.
MARGIN = timedelta(minutes=1)
SHORTEST_LIFE, LONGEST_LIFE = timedelta(minutes=1), timedelta(hours=24)

# Packed, a short answer could be a very long one.
_PLAIN = {"Accept": "application/json", "Accept-Encoding": "identity"}
_NAME_OF_ERROR = re.compile(r"\A[a-z_]{1,60}\Z")


@dataclass(frozen=True, slots=True)
class _Held:
    token: str
    ends_at: datetime


_held: dict[int, _Held] = {}
_lock = threading.Lock()


def check_address(url: str) -> None:
    """Refuse an address that tokens must not be asked of."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        raise FetchTrouble(
            "The token address cannot be read. Write it like https://login.example.com/token."
        ) from None
    if parts.username is not None or not host or parts.scheme not in ("https", "http"):
        raise FetchTrouble("The token address must look like https://login.example.com/token.")
    if parts.scheme == "http" and not is_loopback(host):
        raise FetchTrouble("The token address must begin with https://, since a secret is sent there.")


def access_token(source: Source, credentials: Credentials, now: datetime) -> str:
    """Return a token that is valid now: the one held, or a new one."""
    with _lock:
        held = _held.get(source.pk)
    if held and now < held.ends_at:
        credentials.access_token = held.token
        return held.token
    check_address(source.oauth_token_url)
    answer = _ask(source, credentials)
    token = answer.get("access_token")
    if not isinstance(token, str) or not re.fullmatch(r"[\x21-\x7e]{1,20000}", token):
        raise FetchTrouble("The token address answered without an access token.")
    credentials.access_token = token
    renewed = answer.get("refresh_token")
    if (
        credentials.refresh_token
        and isinstance(renewed, str)
        and renewed not in ("", credentials.refresh_token)
    ):
        credentials.refresh_token = renewed
        kept.keep_refresh_token(source, renewed, now)
    with _lock:
        _held[source.pk] = _Held(token, now + _life(answer.get("expires_in")) - MARGIN)
    return token


def drop(source: Source) -> None:
    """Forget a token that a server does not take."""
    with _lock:
        _held.pop(source.pk, None)


def _life(seconds: Any) -> timedelta:
    if isinstance(seconds, str) and seconds.isdecimal() and len(seconds) < 9:
        seconds = int(seconds)
    if not isinstance(seconds, int | float) or not 0 < seconds < LONGEST_LIFE.total_seconds():
        return MARGIN + SHORTEST_LIFE
    return max(timedelta(seconds=seconds), MARGIN)


def _ask(source: Source, credentials: Credentials) -> dict[str, Any]:
    form = {"client_id": source.oauth_client_id, "scope": source.oauth_scope}
    if credentials.refresh_token:
        form |= {"grant_type": "refresh_token", "refresh_token": credentials.refresh_token}
    else:
        form["grant_type"] = "client_credentials"
    form["client_secret"] = credentials.client_secret
    status, body = _post(source.oauth_token_url, {name: text for name, text in form.items() if text})
    try:
        answer = json.loads(body)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise FetchTrouble(f"The token address answered {status}, and not in JSON.")
    if status != httpx.codes.OK:
        raise FetchTrouble(_refusal(status, answer, source))
    return answer


def _refusal(status: int, answer: dict[str, Any], source: Source) -> str:
    # Only the name of the error: what is written beside it may repeat what we sent.
    error = answer.get("error")
    name = error if isinstance(error, str) and _NAME_OF_ERROR.match(error) else "no reason"
    remedy = (
        f" Give a new refresh token: `upheld mail source password {source.name}`."
        if name == "invalid_grant"
        else ""
    )
    return f"The token address refused with {status} ({name}).{remedy}"


def _post(url: str, form: dict[str, str]) -> tuple[int, bytes]:
    deadline = time.monotonic() + SECONDS
    body = bytearray()
    try:
        with (
            httpx.Client(
                verify=trusting_context(), timeout=SECONDS, follow_redirects=False, trust_env=False
            ) as door,
            door.stream("POST", url, data=form, headers=_PLAIN) as response,
        ):
            for chunk in response.iter_raw():
                body += chunk
                if len(body) > LARGEST_ANSWER:
                    raise FetchTrouble("The token address answered with too much.")
                if time.monotonic() > deadline:
                    raise FetchTrouble("The token address took too long to answer.")
            return response.status_code, bytes(body)
    except httpx.TimeoutException:
        raise FetchTrouble("The token address did not answer in time.") from None
    except httpx.ConnectError as error:
        # Nothing of ours was sent yet, so nothing of ours can be repeated.
        raise FetchTrouble(f"No connection to the token address: {error}.") from None
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise FetchTrouble(f"The token address could not be asked: {type(error).__name__}.") from None
