"""A browser's view of the product for tests: Django's client, logged in as an actor of the test world."""

import re
import time

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.test import Client

from stelsel.kernel.authorisation import Actor
from stelsel.kernel.models import User
from stelsel.kernel.web import MEMBERSHIP

TOKENS = re.compile(r'[0-9a-f-]{36}|csrfmiddlewaretoken" value="[^"]+|nonce="[^"]+"|"X-CSRFToken": "[^"]+')
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
AUTHENTICATED_USER = "account_authentication_methods_user"  # allauth's own key beside the list of methods


def as_client(actor: Actor, *, language: str = "en", confirmed: float = 0) -> Client:
    """A client logged in as this actor, in this role, confirmed with a code `confirmed` seconds ago."""
    client = Client(headers={"accept-language": language})
    client.force_login(User.objects.get(pk=actor.user_id), backend=BACKEND)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "at": time.time() - confirmed, "type": "totp"}]
    session[AUTHENTICATED_USER] = str(actor.user_id)
    session[MEMBERSHIP] = str(actor.membership_id)
    session.save()
    return client


def shown(text: str) -> str:
    """The page without what differs between two requests: addresses and tokens."""
    return TOKENS.sub("", text)
