"""Where a service worker says that it showed a message."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from rehab.actions.receipts import confirm_receipt


@csrf_exempt
@require_POST
def received(request: HttpRequest, token: str) -> HttpResponse:
    """Nobody is signed in: the token is the proof. Saying it again changes nothing."""
    if not confirm_receipt(token=token, at=timezone.now()):
        raise Http404
    return HttpResponse(status=204)
