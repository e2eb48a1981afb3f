"""`/administration/`: Django's admin behind the product's own door. No care data in it."""

from functools import wraps

from django.contrib.admin import AdminSite
from django.http import Http404
from django.urls import URLPattern
from django.views.decorators.cache import never_cache

from dui.socle.enums import Action, Bloc
from dui.socle.journal import consigner

# The product has its own sign-in (two factors), sign-out and passwords.
REMPLACEES = {"login", "logout", "password_change", "password_change_done", "view_on_site"}


class Administration(AdminSite):
    site_header = site_title = "Administration"
    index_title = "Comptes, droits et structure"
    site_url = "/"
    final_catch_all_view = False

    def has_permission(self, request):
        """A session opens with two factors only: see habilitations/connexion."""
        compte = request.user
        if not compte.is_active or not compte.is_staff:
            return False
        return compte.is_superuser or request.habilitation.peut(Bloc.PAR, Action.SAISIR)

    def admin_view(self, view, cacheable=False):
        @wraps(view)
        def declaree(request, *args, **kwargs):
            nom = request.resolver_match.view_name
            if not self.has_permission(request):
                request.acces_refuse = (Bloc.PAR, Action.ADMINISTRER, None)
                raise Http404
            objet = kwargs.get("object_id", "")
            cible = f"{request.method} {nom} {objet}".strip()
            consigner(request.habilitation, "administrer", bloc=Bloc.PAR, cible=cible)
            return view(request, *args, **kwargs)

        return declaree if cacheable else never_cache(declaree)

    def get_urls(self):
        urls = [u for u in super().get_urls() if getattr(u, "name", "") not in REMPLACEES]
        _declarer(urls)
        return urls


def _declarer(urls) -> None:
    """What the AccesDeclare middleware reads: Django builds these views one by one."""
    for u in urls:
        if isinstance(u, URLPattern):
            u.callback.acces = ("administration",)
        else:
            _declarer(u.url_patterns)


site = Administration(name="administration")
