"""What tests of mailings do: put readers in, send, let a mailer work against a server of the tests, and count."""

import asyncio
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

from cutting import Cut, cutting
from django.conf import settings
from django.db import connections
from django.utils import timezone

from mail_sink import Script, listening
from post import ED25519
from public_site import Press, slug_of
from tocsin.accounts.actions import NewAccount
from tocsin.adapters.smtp import MailServer
from tocsin.config.mailings import Mailings
from tocsin.core.messages import Address, Signer
from tocsin.core.publication import PublicAppeal
from tocsin.dispatch import actions, trials
from tocsin.dispatch.actions import Asked
from tocsin.dispatch.addresses import fingerprint, seal_address
from tocsin.dispatch.mailer import MailerAtWork
from tocsin.dispatch.models import Audience, Delivery, Fixing, Mailer, Mailing, Subscriber
from tocsin.dispatch.outbox import Mine
from tocsin.dispatch.remembering import Memory
from tocsin.dispatch.survey import Equipment, Survey
from tocsin.publishing import signatories
from tocsin.publishing.models import Publication
from tocsin.vault.mailer_keys import Opener, Sealer, draw_mailer_key, public_half

KEY = draw_mailer_key()
SEALER, OPENER = Sealer(public_half(KEY)), Opener(KEY)
MAILINGS = Mailings(
    name="Harbour Network",
    sender=Address("appeals", "harbour.example"),
    reply_to=Address("answers", "harbour.example"),
    bounces=Address("bounces", "harbour.example"),
    list_id="appeals.harbour.example",
    pages="https://appeals.harbour.example/",
    address_key=public_half(KEY),
)
ENDS = {"handed_over", "suppressed", "failed", "uncertain"}
SECONDS = 30.0
#: What the form of the desk sends that begins a mailing.
SENDING = {"step": "send", "policy": "resend", "not_before": "", "mailing": "6f5c2f4e-0f53-4a53-9f0a-3b1c9f2d7a11"}


def reader(number: int, *, languages: str = " en ", state: str = "active", **fields: object) -> Subscriber:
    """Give a reader who is not in the database yet."""
    one, address = (
        UUID(str(fields.pop("id", uuid4()))),
        Address(f"reader{number}", str(fields.pop("domain", "reader.example"))),
    )
    return Subscriber(
        id=one,
        address=seal_address(address, one, SEALER),
        fingerprint=fingerprint(address, settings.TOCSIN_FINGERPRINT_KEY),
        languages=languages,
        state=state,
        asked_at=timezone.now(),
        **fields,
    )


@dataclass
class Mailroom:
    """One publication, its readers and its mailing."""

    press: Press
    appeal: PublicAppeal
    folder: Path
    script: Script = field(default_factory=Script)
    signers: tuple[Signer, ...] = (Signer("harbour.example", "tocsin2", ED25519),)
    lease: timedelta = timedelta(seconds=2)
    delay: float = 0
    cut: Cut | None = None
    id: UUID = field(default_factory=uuid4)

    @property
    def slug(self) -> str:
        return slug_of(self.appeal)

    def readers(self, count: int, **fields: object) -> list[Subscriber]:
        start = Subscriber.objects.count()
        return Subscriber.objects.bulk_create(reader(start + number, **fields) for number in range(count))

    def open(self, **asked: object) -> Mailing:
        wanted = replace(Asked(self.id, self.slug, self.appeal.version), **asked)  # type: ignore[arg-type]
        return actions.open_mailing(wanted, self.press.ana.actor.ring, now=timezone.now())

    def send(self, **asked: object) -> Mailing:
        self.open(**asked)
        return actions.send(self.id, now=timezone.now())

    def ask_for_trial(self, officer: NewAccount, count: int = 1) -> None:
        """Have a test mailed to a colleague, or to several."""
        ring, published = officer.actor.ring, Publication.objects.get(slug=self.slug)
        trials.ask(
            ring,
            published,
            [Address(f"tomas{each or ''}", "harbour.example") for each in range(count)],
            "en",
            now=timezone.now(),
        )

    def mailing(self) -> Mailing:
        return Mailing.objects.get(id=self.id)

    def states(self) -> Counter[str]:
        return Counter(Delivery.objects.filter(mailing=self.id).values_list("state", flat=True))

    def audience(self) -> int:
        return sum(Audience.objects.filter(mailing=self.id).values_list("readers", flat=True))

    def adds_up(self) -> bool:
        """Tell whether every reader is in one state, and all of them are the audience."""
        return sum(self.states().values()) == self.audience()

    def equipment(self, port: int) -> Equipment:
        return Equipment(
            server=MailServer("127.0.0.1", "harbour.example", port, security="none", patience=5),
            opener=OPENER,
            token_key=bytes(range(32)),
            signers=self.signers,
            pinned=frozenset(each.id for each in signatories.list_signatories()),
        )

    def survey(self, load: Callable[[], Equipment], connections: int = 2) -> Survey:
        return Survey(load, Memory(self.folder / "sent.json"), connections, Mine(uuid4(), self.lease))

    def work(
        self,
        until: Callable[[], bool] | None = None,
        *,
        connections: int = 2,
        load: Callable[[int], Equipment] | None = None,
    ) -> None:
        """Let a mailer work until something is so: by default, until the mailing has ended."""
        done = until or (lambda: self.mailing().state in {"finished", "stopped"} and not self.going())
        asyncio.run(self._work(done, connections, load or self.equipment))

    def settled(self) -> bool:
        """Tell whether nothing is claimed or on its way."""
        return not {"claimed", "intended"} & set(self.states())

    def is_under_way(self) -> bool:
        return Delivery.objects.filter(mailing=self.id, state="handed_over").exists()

    def holds(self, why: str) -> bool:
        return Mailer.objects.filter(holds_for=why).exists()

    def going(self) -> int:
        """Count what has not ended, and of an audience that is not wholly written down one more."""
        unfixed = Fixing.objects.filter(mailing=self.id).count()
        return Delivery.objects.filter(mailing=self.id).exclude(state__in=ENDS).count() + unfixed

    def work_until_held(self, why: str, load: Callable[[int], Equipment] | None = None, *, more_than: int = 0) -> None:
        """Let a mailer work until it holds the mailing, or sends something that it should not have."""
        self.work(lambda: self.mailing().held_for == why or self.script.count > more_than, load=load)

    async def _work(self, done: Callable[[], bool], count: int, load: Callable[[int], Equipment]) -> None:
        server = cutting(self.script, self.cut) if self.cut else listening(self.script, delay=self.delay)
        async with server as port:
            equipment: list[Equipment] = []

            def loaded() -> Equipment:
                # The same object as long as nothing changed, as a mailer's folder is read.
                fresh = load(port)
                if not equipment or equipment[0].pinned != fresh.pinned or load is not self.equipment:
                    equipment[:] = [fresh]
                return equipment[0]

            mailer = MailerAtWork(self.survey(loaded, count), count)
            watching = asyncio.create_task(_watch(done, mailer))
            await mailer.run()
            await watching


async def _watch(done: Callable[[], bool], mailer: MailerAtWork) -> None:
    """Stop the mailer when it is done; a thread looks, as the mailer's own loop has no database."""
    try:
        async with asyncio.timeout(SECONDS):
            while not await asyncio.get_running_loop().run_in_executor(None, _asked, done):
                await asyncio.sleep(0.05)
    finally:
        mailer.stop()


def _asked(done: Callable[[], bool]) -> bool:
    try:
        return done()
    finally:
        if threading.current_thread() is not threading.main_thread():
            connections.close_all()
