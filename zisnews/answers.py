"""What a form that a reader sends is answered with: the page they were on, with words and a way to take it back."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.http import url_has_allowed_host_and_scheme

from zisnews.messages import tell


def back_to(request: HttpRequest, otherwise: str) -> str:
    """The page of ours that the request names in `next`, or another."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else otherwise


def wants_part(request: HttpRequest) -> bool:
    """Whether a script of ours asks for the part of the page that changes, rather than for the page."""
    return "HX-Request" in request.headers


def done(
    request: HttpRequest,
    words: str,
    *,
    otherwise: str,
    undo: str = "",
    fields: Mapping[str, str] | None = None,
    level: int = messages.INFO,
    **said: object,
) -> HttpResponse:
    """Lead back to where a change was made (`next`, else `otherwise`), say what it did, and offer to take it back.

    undo: the path that a POST of `fields` to takes it back. Where JSON is asked for: {"message", "undo", …said}, where
    undo is null or {"url", "fields"}, for a script to offer the same.
    """
    if not request.accepts("text/html"):
        way = {"url": undo, "fields": dict(fields or {})} if undo else None
        return JsonResponse({"message": words, "undo": way, **said})
    tell(request, words, undo=undo, fields=fields, level=level)
    return HttpResponseRedirect(back_to(request, otherwise), status=303)


def refused(request: HttpRequest, words: str, *, otherwise: str, status: int = 422) -> HttpResponse:
    """Lead back and say why nothing was changed; JSON {"error": {"code", "message"}} with the status."""
    if not request.accepts("text/html"):
        return JsonResponse({"error": {"code": status, "message": words}}, status=status)
    tell(request, words, level=messages.ERROR)
    return HttpResponseRedirect(back_to(request, otherwise), status=303)
