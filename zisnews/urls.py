"""One include() per app."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from zisnews import health
from zisnews.media import picture_urls

# Without this /admin/login/ would go round allauth's rate limits and second factors.
admin.autodiscover()
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.site_header = admin.site.site_title = "ZisNews"

urlpatterns = [
    path("", include("aggregator.urls")),
    path("", include("accounts.urls")),
    path("", include("feeds.urls")),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    *picture_urls(),
]

handler400 = "zisnews.errors.bad_request"
handler403 = "zisnews.errors.permission_denied"
handler404 = "zisnews.errors.page_not_found"
handler500 = "zisnews.errors.server_error"
