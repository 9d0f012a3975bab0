"""Making ready what is to leave at a moment: what it says encrypted, its request made."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from patients.access.walls import within_every_clinic
from patients.channels.exchange import Ready
from rehab.actions.bundles import Bundle, bundles
from rehab.actions.lanes import made_ready
from rehab.actions.leaving import Stopwatch
from rehab.actions.messages import message_of
from rehab.actions.sealing_ahead import with_sealed
from rehab.channels import POSTED
from rehab.channels.message import TryAgain, Undeliverable
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
    """made: by delivery, what was to leave at the first look, and its request.

    A request is made for the moment. Where it leaves later, its message lives so much longer.
    """

    moment: datetime
    watch: Stopwatch
    fresh_for: timedelta
    made: dict[str, tuple[Bundle, Ready]] = field(default_factory=dict)

    def first_look(self, claims: Sequence[Claim]) -> list[tuple[Bundle, Bundle]]:
        """Return what would leave as things stand, also with what was sealed ahead for it."""
        found = self._leaving(claims)
        return list(zip(found, with_sealed(found), strict=True))

    def make(self, bundle: Bundle, sealed: Bundle) -> None:
        """Make the request of what would leave, which encrypts what was not sealed ahead."""
        ready = self._request(sealed)
        if ready is not None:
            self.made[bundle.claim.id] = (bundle, ready)

    def look(self, claims: Sequence[Claim]) -> Looked:
        """Look at claims as things stand now; what says something else by now is made anew."""
        fresh_until = self.watch.now() + self.fresh_for
        with within_every_clinic():
            found = self._leaving(claims)
        leaves = {claim.id for each in found for claim in each.claims}
        undecided = [each for each in claims if each.id not in leaves]
        return Looked([(each, self._ready(each)) for each in found], undecided, fresh_until)

    def _leaving(self, claims: Sequence[Claim]) -> list[Bundle]:
        found, _silent = bundles(claims, at=self._then())
        return [each for each in found if isinstance(each.decision, Send)]

    def _ready(self, bundle: Bundle) -> Ready | None:
        before, ready = self.made.get(bundle.claim.id, (None, None))
        return ready if bundle == before else self._request(bundle)

    def _request(self, bundle: Bundle) -> Ready | None:
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
