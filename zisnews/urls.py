"""One include() per app."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from aggregator.views.styleguide import styleguide
from zisnews import curators, health, metrics, offline, your_data
from zisnews.media import picture_urls

# Without this /admin/login/ would go round allauth's rate limits and second factors.
admin.autodiscover()
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", include("comments.urls")),  # before the articles, whose addresses end with any word
    path("", include("aggregator.urls")),
    path("", include("accounts.urls")),
    path("", include("feeds.urls")),
    path("sw.js", offline.service_worker),
    path("styleguide/", styleguide, name="styleguide"),
    path("offline/", offline.offline, name="offline"),
    path("settings/data/", your_data.your_data, name="your_data"),
    path("settings/data/export/", your_data.export_data, name="export_data"),
    path("settings/data/erase/", your_data.erase_account, name="erase_account"),
    path("account-erased/", your_data.account_erased, name="account_erased"),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", metrics.metrics),
    path("accounts/", include("allauth.urls")),
    path("admin/health/", admin.site.admin_view(curators.health_page), name="admin_health"),
    path("admin/health/notices/<int:pk>/", admin.site.admin_view(curators.deal_with_notice), name="admin_notice"),
    path("admin/health/hosts/", admin.site.admin_view(curators.lift_hold), name="admin_lift_hold"),
    path("admin/", admin.site.urls),
    *picture_urls(),
]

handler400 = "zisnews.errors.bad_request"
handler403 = "zisnews.errors.permission_denied"
handler404 = "zisnews.errors.page_not_found"
handler429 = "zisnews.errors.too_many"  # allauth asks for it
handler500 = "zisnews.errors.server_error"
