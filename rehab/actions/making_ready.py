"""Making ready what is to leave at a moment: what it says encrypted, its request made."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from patients.access.walls import within_every_clinic
from patients.channels.exchange import Ready
from patients.domain.roles import Channel
from rehab.actions.bundles import Bundle, bundles
from rehab.actions.lanes import made_ready
from rehab.actions.leaving import Stopwatch
from rehab.actions.messages import message_of
from rehab.actions.sealing_ahead import with_sealed
from rehab.channels import POSTED, push
from rehab.channels.message import Sealed, TryAgain, Undeliverable
from rehab.domain.quiet import Send
from rehab.models.outbox import Claim


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look found: what leaves, each with its request where that could be made before.

    undecided: claims that are not to leave as things stand.
    """

    leaving: Sequence[tuple[Bundle, Ready | None]]
    undecided: Sequence[Claim]
    fresh_until: datetime

    @property
    def claims(self) -> list[Claim]:
        """Return the claims of what leaves."""
        return [claim for bundle, _ in self.leaving for claim in bundle.claims]


@dataclass(frozen=True, slots=True)
class MakingReady:
    """bodies: what was encrypted, by delivery."""

    moment: datetime
    watch: Stopwatch
    fresh_for: timedelta
    bodies: dict[str, Sealed] = field(default_factory=dict)

    def first_look(self, claims: Sequence[Claim]) -> list[Bundle]:
        """Return what would leave as things stand, with what was sealed ahead."""
        return with_sealed(self._leaving(claims))

    def encrypt(self, bundle: Bundle) -> None:
        """Keep what it says encrypted, where its channel does that."""
        if bundle.claim.channel != Channel.PUSH or bundle.claim.channel not in POSTED:
            return
        try:
            message = message_of(bundle, at=self.moment)
            self.bodies[bundle.claim.id] = bundle.sealed or push.sealed(message)
        except Undeliverable:
            return  # found out again, and recorded, when its turn comes

    def look(self, claims: Sequence[Claim]) -> Looked:
        """Look at claims as things stand now, and make the requests of what leaves."""
        fresh_until = self.watch.now() + self.fresh_for
        with within_every_clinic():
            found = self._leaving(claims)
        leaves = {claim.id for each in found for claim in each.claims}
        undecided = [each for each in claims if each.id not in leaves]
        return Looked([(each, self._made_ready(each)) for each in found], undecided, fresh_until)

    def _leaving(self, claims: Sequence[Claim]) -> list[Bundle]:
        found, _silent = bundles(claims, at=self._then())
        return [
            replace(each, sealed=self.bodies.get(each.claim.id))
            for each in found
            if isinstance(each.decision, Send)
        ]

    def _made_ready(self, bundle: Bundle) -> Ready | None:
        """Return its request; None where it is made as it leaves, or cannot be made at all."""
        if bundle.claim.channel not in POSTED:
            return None
        try:
            return made_ready(bundle.claim.channel, message_of(bundle, at=self._then()))
        except (Undeliverable, TryAgain):
            return None

    def _then(self) -> datetime:
        """Return when it leaves: at the moment, or now where that is over."""
        return max(self.moment, self.watch.now())
