"""`/metrics`: what was made, sent and lost, how late, and what waits, for a monitor to read.

Every process answers the same, because the figures are PostgreSQL's and nobody's memory. Nothing
here is a patient's. Whoever asks shows METRICS_TOKEN; on a local start nobody needs to.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from patients.access.walls import within_every_clinic
from rehab.actions.storage import days_ahead
from rehab.models.reads.queue import QueueState, queue_state
from rehab.models.tally import LATENESS_SECONDS, Count, DeliveryEvent, counts


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    if not _may_read(request):
        raise Http404
    registry = CollectorRegistry()
    registry.register(_Figures())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def _may_read(request: HttpRequest) -> bool:
    if not settings.METRICS_TOKEN:
        return bool(settings.ENVIRONMENT == "local")
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return constant_time_compare(shown, settings.METRICS_TOKEN)


class _Figures(Collector):
    """Reads everything once, when asked."""

    def collect(self) -> Iterator[Metric]:
        counted = counts()
        with within_every_clinic():
            state = queue_state(timezone.now())
        ahead = days_ahead(timezone.now())
        yield _deliveries(counted)
        yield _lateness(counted)
        yield from _queue(state)
        yield _partitions(ahead)


def _partitions(ahead: Mapping[str, int]) -> Metric:
    family = GaugeMetricFamily(
        "rehab_partitions_days_ahead", "Days until the last partition ends.", labels=["table"]
    )
    for table, days in sorted(ahead.items()):
        family.add_metric([table], days)
    return family


def _deliveries(counted: list[Count]) -> Metric:
    family = CounterMetricFamily(
        "rehab_deliveries",
        "Messages by channel and what became of them.",
        labels=["channel", "event"],
    )
    found: dict[tuple[str, str], int] = defaultdict(int)
    for each in counted:
        found[each.channel, each.event] += each.many
    for labels, many in sorted(found.items()):
        family.add_metric(labels, many)
    return family


def _lateness(counted: list[Count]) -> Metric:
    family = HistogramMetricFamily(
        "rehab_delivery_lateness_seconds",
        "From when a message should have left until it did.",
        labels=["channel"],
    )
    sent = [each for each in counted if each.event == DeliveryEvent.SENT]
    for channel in sorted({each.channel for each in sent}):
        own = [each for each in sent if each.channel == channel]
        family.add_metric([channel], _buckets(own), sum_value=sum(each.seconds for each in own))
    return family


def _buckets(sent: list[Count]) -> list[tuple[str, float]]:
    """Return how many were at most so late, for each bound and without one."""
    by_bound = [
        (str(bound), float(sum(each.many for each in sent if _within(each, bound))))
        for bound in LATENESS_SECONDS
    ]
    return [*by_bound, ("+Inf", float(sum(each.many for each in sent)))]


def _within(each: Count, bound: int) -> bool:
    return each.late_under is not None and each.late_under <= bound


def _queue(state: QueueState) -> Iterator[Metric]:
    yield GaugeMetricFamily("rehab_deliveries_due", "Messages that wait to leave.", state.due)
    yield GaugeMetricFamily(
        "rehab_delivery_oldest_due_seconds",
        "How long the oldest of them has waited.",
        state.oldest.total_seconds(),
    )
    yield GaugeMetricFamily(
        "rehab_deliveries_dead", "Given up in the last week and not tried again.", state.dead
    )
    many = GaugeMetricFamily(
        "rehab_flags_unseen", "Safety flags that nobody has acknowledged.", labels=["level"]
    )
    age = GaugeMetricFamily(
        "rehab_flags_unseen_oldest_seconds", "Age of the oldest of them.", labels=["level"]
    )
    for level, (count, seconds) in sorted(state.unseen.items()):
        many.add_metric([level], count)
        age.add_metric([level], seconds)
    yield many
    yield age
