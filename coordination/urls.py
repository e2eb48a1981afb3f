from coordination.boite.urls import urlpatterns as boite
from coordination.evenements.urls import urlpatterns as evenements
from coordination.notifications.urls import urlpatterns as notifications
from coordination.reunions.urls import urlpatterns as reunions

app_name = "coordination"

urlpatterns = [*boite, *evenements, *notifications, *reunions]
