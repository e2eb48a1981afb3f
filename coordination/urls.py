from coordination.boite.urls import urlpatterns as boite
from coordination.evenements.urls import urlpatterns as evenements

app_name = "coordination"

urlpatterns = [*boite, *evenements]
