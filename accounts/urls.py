"""Addresses of what a reader chooses; a page of allauth that we change stands here, before allauth's own."""

from django.urls import path

from accounts import account_views, ad_views, notice_views, settings_views, sign_up_views, views

urlpatterns = [
    path("accounts/login/", account_views.LogIn.as_view(), name="account_login"),
    path("accounts/signup/", sign_up_views.SignUp.as_view(), name="account_signup"),
    path("accounts/signup/passkey/", sign_up_views.SignUpByPasskey.as_view(), name="account_signup_by_passkey"),
    path("accounts/2fa/webauthn/signup/", sign_up_views.FirstPasskey.as_view(), name="mfa_signup_webauthn"),
    path("accounts/confirm-email/", sign_up_views.confirm_address, name="account_email_verification_sent"),
    path("accounts/login/code/", account_views.RequestLoginCode.as_view(), name="account_request_login_code"),
    path("accounts/email/", account_views.EMailAddresses.as_view(), name="account_email"),
    path("accounts/sessions/", account_views.sessions, name="usersessions_list"),
    path("settings/account/", account_views.account_settings, name="account_settings"),
    path("accounts/password/reset/", account_views.PasswordReset.as_view(), name="account_reset_password"),
    path("settings/", settings_views.index, name="settings"),
    path("settings/reading/", settings_views.reading, name="reading"),
    path("settings/notifications/", settings_views.notification_settings, name="notification_settings"),
    path("notices/", notice_views.notices, name="notices"),
    path("notices/read/", notice_views.read_all, name="notices_read"),
    path("notices/unread/", notice_views.unread_all, name="notices_unread"),
    path("notices/<int:pk>/", notice_views.notice, name="notice"),
    path("ad/<int:pk>/", ad_views.follow, name="ad"),
    path("ad/closed/", ad_views.close, name="close_ad"),
    path("preferences/", views.set_preferences, name="preferences"),
]
