"""The desk as a browser sees it: a client that has signed in as somebody."""

from base64 import urlsafe_b64encode
from datetime import datetime

from django.conf import settings
from django.test import Client

from people import NOW
from tocsin.accounts import actions as accounts
from tocsin.accounts.actions import NewAccount
from tocsin.accounts.actor import TOTP, Actor
from tocsin.accounts.models import Account


def signed_in(account: NewAccount) -> Client:
    return client_of(account.actor)


def client_of(actor: Actor, proof: str = TOTP, now: datetime = NOW) -> Client:
    client = Client()
    cookie = accounts.open_session(Account.objects.get(id=actor.id), actor.ring, proof=proof, now=now)
    client.cookies[settings.TOCSIN_COOKIE] = urlsafe_b64encode(cookie).decode()
    return client
