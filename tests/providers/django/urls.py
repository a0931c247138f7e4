"""The paths: the product below /o, and the form where a person signs in."""

from __future__ import annotations

from django.contrib.auth.views import LoginView
from django.urls import include, path
from oauth2_provider import urls

provider = urls.metadata_urlpatterns + urls.base_urlpatterns + urls.oidc_urlpatterns

urlpatterns = [
    path("login/", LoginView.as_view()),
    path("o/", include((provider, urls.app_name))),
    path("", include(urls.metadata_urlpatterns)),  # where RFC 8414 looks for an issuer with a path
]
