from coordination.activites.urls import urlpatterns as activites
from coordination.agenda.urls import urlpatterns as agenda
from coordination.tournees.urls import urlpatterns as tournees

app_name = "coordination"

urlpatterns = [*agenda, *activites, *tournees]
