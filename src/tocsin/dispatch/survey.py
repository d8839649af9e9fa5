"""What a mailer does between messages: looks what may be sent, checks it, and claims some of it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID, uuid4

from django.db.models import Exists, OuterRef
from django.utils import timezone

from tocsin.adapters.smtp import MailServer
from tocsin.core.errors import BadRequest, BadSettings
from tocsin.core.messages import PgpSigner, Signer
from tocsin.dispatch import actions, audience, clocks, doubts, genuine, halting, outbox
from tocsin.dispatch.models import Delivery, Mailer, Mailing
from tocsin.dispatch.outbox import Claim, Mine
from tocsin.dispatch.progress import at_work
from tocsin.dispatch.remembering import Memory
from tocsin.dispatch.telling import Telling
from tocsin.vault.mailer_keys import Opener

# Every so many turns it is looked whose lease is over.
_TAKE_OVER = 5


@dataclass(frozen=True, slots=True)
class Equipment:
    """What a mailer has that no other process has: its keys, its server, and its own list of whose signatures count."""

    server: MailServer
    opener: Opener = field(repr=False)
    token_key: bytes = field(repr=False)
    signers: tuple[Signer, ...] = field(repr=False)
    pinned: frozenset[str]
    a_second_a_domain: float = 0
    openpgp: PgpSigner | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Task:
    """Claims of a mailing that was checked, with what its messages are made of."""

    mailing: UUID
    slug: str
    policy: str
    begun_at: datetime
    matter: genuine.Matter
    claims: tuple[Claim, ...]


class Survey:
    """Looks at the database for one mailer; everything in it is done by one thread."""

    def __init__(
        self, load: Callable[[], Equipment], memory: Memory, connections: int, mine: Mine | None = None
    ) -> None:
        """Begin.

        Args:
            load: Gives the mailer's own keys and settings as they are now, or raises `BadSettings`.
            memory: What it remembers of what it sent.
            connections: How many it has, for people to see.
            mine: Its id and lease; by default a new one.
        """
        self.mine = mine or Mine(uuid4())
        self._load, self._connections = load, connections
        self._memory = memory
        self._telling = Telling()
        self._turn = 0
        self.equipment: Equipment | None = None
        # How many mailers share what a domain may get.
        self.sharers = 1
        # Before the first look nobody knows.
        self._holds = True

    def look(self, most: int, holds_for: str = "") -> list[Task]:
        """Look what is to be done, and claim at most so many deliveries; none while something is wrong."""
        why = holds_for or self._wrong()
        self._holds = bool(why)
        self._tell(why)
        if self.equipment is not None and self.equipment.a_second_a_domain:
            self.sharers = max(1, at_work(timezone.now()).count())
        if self._turn % _TAKE_OVER == 0:
            outbox.take_over()
            if self.equipment is not None:
                doubts.note(self.equipment.opener, self.equipment.token_key)
        self._turn += 1
        self._close()
        if why or self.equipment is None or most <= 0:
            return []
        tasks: list[Task] = []
        for mailing in self._due():
            task = self._task(mailing, most - sum(len(each.claims) for each in tasks))
            if task is not None:
                tasks.append(task)
        return tasks

    def fix(self) -> bool:
        """Write down some more readers of each mailing of which not all are; tell whether it found some that go on."""
        go_on = [audience.go_on(mailing) for mailing in audience.unfixed()]
        return any(go_on)

    @property
    def trusted(self) -> Equipment | None:
        """What the mailer has, without the keys that it once saw disavowed; nothing while something is wrong."""
        equipment = self.equipment
        if self._holds or equipment is None:
            return None
        return replace(equipment, pinned=self._pinned(equipment))

    def _pinned(self, equipment: Equipment) -> frozenset[str]:
        return equipment.pinned - self._memory.disavowed

    def end(self) -> None:
        """Be no mailer any more."""
        Mailer.objects.filter(id=self.mine.mailer).delete()

    def _wrong(self) -> str:
        """Say why nothing may be sent at all, if it is so."""
        try:
            self.equipment = self._load()
        except BadSettings as error:
            self._telling.tell(f"nothing goes out: {error}")
            self.equipment = None
            return "keys"
        self._telling.tell("")
        try:
            self._memory.note_disavowed(genuine.disavowed())
            is_right = clocks.is_right(self._memory, now=timezone.now())
        except OSError:
            return "memory"
        if not is_right:
            return "clock"
        return "frozen" if halting.is_halted() else ""

    def _tell(self, why: str) -> None:
        # A time that may be wrong is written nowhere, and of a mailer that never had a right one none is known.
        time = {} if why == "clock" else {"seen_at": timezone.now()}
        row = {"connections": self._connections, "holds_for": why, **time}
        if not Mailer.objects.filter(id=self.mine.mailer).update(**row):
            Mailer.objects.create(id=self.mine.mailer, since=time.get("seen_at"), **row)

    def _due(self) -> list[Mailing]:
        now = outbox.database_time()
        Mailing.objects.filter(state="scheduled", not_before__lte=now).update(state="sending")
        return list(Mailing.objects.filter(state="sending").order_by("opened_at", "id"))

    def _close(self) -> None:
        waiting = Delivery.objects.filter(mailing=OuterRef("id"), state="waiting")
        for mailing in Mailing.objects.filter(Exists(waiting), state="stopped"):
            outbox.close(mailing)

    def _task(self, mailing: Mailing, most: int) -> Task | None:
        equipment = self.equipment
        if equipment is None or most <= 0:
            return None
        found = self._checked(mailing, equipment)
        if isinstance(found, str):
            outbox.hold(mailing.id, found)
            if found == "retracted":
                self._stop(mailing)
            return None
        claims = outbox.claim(mailing, self.mine, most, equipment.token_key)
        try:
            self._memory.note(mailing)
        except OSError:
            outbox.write(self.mine, [outbox.End(claim.id, "waiting") for claim in claims], [])
            outbox.hold(mailing.id, "memory")
            return None
        outbox.hold(mailing.id, "")
        if not claims:
            outbox.close(mailing)
            return None
        # Here, in the thread that looks, while the mailer's own goes on sending.
        equipment.opener.prepare(claim.address for claim in claims)
        begun = mailing.begun_at or mailing.opened_at
        return Task(mailing.id, mailing.slug, mailing.policy, begun, found, tuple(claims))

    def _checked(self, mailing: Mailing, equipment: Equipment) -> genuine.Matter | str:
        """Give what a mailing is about, or why nothing of it may be sent."""
        if self._memory.is_older(mailing):
            return "rolled_back"
        found = genuine.find_genuine(mailing, self._pinned(equipment), now=outbox.database_time())
        return found.why if isinstance(found, genuine.Refused) else found

    def _stop(self, mailing: Mailing) -> None:
        try:
            actions.stop(mailing.id, now=timezone.now())
        except BadRequest:  # somebody was quicker
            return
