from coordination.activites.urls import urlpatterns as activites
from coordination.agenda.urls import urlpatterns as agenda
from coordination.boite.urls import urlpatterns as boite
from coordination.evenements.urls import urlpatterns as evenements
from coordination.notifications.urls import urlpatterns as notifications
from coordination.reunions.urls import urlpatterns as reunions
from coordination.tournees.urls import urlpatterns as tournees

app_name = "coordination"

urlpatterns = [
    *agenda, *activites, *tournees, *boite, *evenements, *notifications, *reunions
]  # fmt: skip
