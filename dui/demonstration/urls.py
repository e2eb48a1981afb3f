from django.urls import path

from dui.demonstration import views

app_name = "demonstration"
urlpatterns = [
    path("", views.comptes, name="comptes"),
    path("<int:compte_id>/entrer/", views.entrer, name="entrer"),
]
