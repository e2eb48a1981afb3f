from coordination.boite.urls import urlpatterns as boite
from coordination.evenements.urls import urlpatterns as evenements
from coordination.notifications.urls import urlpatterns as notifications

app_name = "coordination"

urlpatterns = [*boite, *evenements, *notifications]
