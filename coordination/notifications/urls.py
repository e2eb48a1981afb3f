"""Included by coordination/urls.py, in its namespace."""

from django.urls import path

from coordination.notifications import vues

urlpatterns = [
    path("notifications/", vues.page, name="notifications"),
    path("notifications/preferences/", vues.preferences, name="preferences"),
]
