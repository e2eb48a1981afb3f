"""How each model shows in the admin: nothing is ever deleted, history is read and never undone."""

from django.contrib import admin, messages
from django.contrib.admin.utils import get_fields_from_path
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone

from habilitations.equipe.lectures import a_le_portail, donnable, perimetres
from habilitations.equipe.regles import refus_du_debut
from habilitations.equipe.services import HORS_REGLE, SUR_LE_PORTAIL
from habilitations.models import Affectation

LIBELLES = {"role": "Rôle", "etablissement": "Établissement", "unite": "Unité"}
ETAPES = {"+": "Créé", "~": "Modifié", "-": "Supprimé"}


def colonne(champ: str):
    """A column headed in French, for the keys that the models leave unnamed."""

    @admin.display(description=LIBELLES[champ], ordering=champ)
    def montrer(objet):
        return getattr(objet, champ)

    return montrer


ROLE, ETABLISSEMENT, UNITE = map(colonne, LIBELLES)


class Base(admin.ModelAdmin):
    """Whoever entered the site (`has_permission`) reads; what may be written, each says."""

    modifiable = True
    list_per_page = 50
    show_full_result_count = False
    save_as = False

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in LIBELLES:
            kwargs["label"] = LIBELLES[db_field.name]
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_module_permission(self, request):
        return True

    def has_view_permission(self, request, obj=None):
        return True

    def has_add_permission(self, request):
        return self.modifiable

    def has_change_permission(self, request, obj=None):
        return self.modifiable

    def has_delete_permission(self, request, obj=None):
        return False

    def lookup_allowed(self, lookup, value, request=None):
        """An address filters by what the page shows: Django lets any field of the model be asked,
        one letter after the other, the imprint of a password too."""
        permis = set(self.search_fields)
        for nom in self.list_filter:
            champ = get_fields_from_path(self.model, nom)[-1]
            cles = [f"{nom}__{champ.target_field.name}"] if champ.is_relation else []
            permis |= {f"{n}{s}" for n in (nom, *cles) for s in ("", "__exact", "__isnull")}
        return lookup in permis

    def get_actions(self, request):
        """Not one of Django's own: they write in bulk, hence without history."""
        siennes = {nom for nom in self.actions or ()}
        return {n: a for n, a in super().get_actions(request).items() if n in siennes}

    def history_view(self, request, object_id, extra_context=None):
        objet = self.get_object(request, object_id)
        if objet is None:
            raise Http404
        if not hasattr(objet, "history"):
            return super().history_view(request, object_id, extra_context)
        lignes = objet.history.select_related("history_user").order_by("-history_date")[:200]
        contexte = self.admin_site.each_context(request) | {
            "title": f"Historique : {objet}",
            "objet": objet,
            "opts": self.opts,
            "lignes": [(ligne, ETAPES[ligne.history_type]) for ligne in lignes],
        }
        return render(request, "admin/histoire.html", contexte)


class LectureSeule(Base):
    modifiable = False


class CompteAdmin(Base):
    """No password here: a code is handed over from « Équipe »."""

    list_display = ("username", "last_name", "first_name", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("username", "last_name", "first_name")
    ordering = ("last_name", "first_name", "pk")
    fields = (
        "username",
        "first_name",
        "last_name",
        "email",
        "is_active",
        "is_staff",
        "is_superuser",
        "last_login",
    )

    def get_readonly_fields(self, request, obj=None):
        """Only a superuser opens this door to somebody, or closes the one of another superuser."""
        reserves = () if request.user.is_superuser else ("is_staff", "is_superuser")
        return ("last_login", *reserves)

    def has_change_permission(self, request, obj=None):
        plus_haut = obj is not None and obj.is_superuser and not request.user.is_superuser
        return not plus_haut

    def save_model(self, request, obj, form, change):
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)


class AffectationAdmin(Base):
    list_display = ("compte", ROLE, ETABLISSEMENT, UNITE, "portee", "debut", "fin")
    list_filter = ("role", "etablissement")
    list_select_related = ("compte", "role", "etablissement", "unite")
    search_fields = ("compte__last_name", "compte__username")
    raw_id_fields = ("compte",)
    ordering = ("-debut", "pk")
    # The technical role opens no dossier: the only one that a superuser may give oneself, since
    # the first administrator has nobody to ask.
    ROLE_TECHNIQUE = "ADMIN_SI"

    def has_change_permission(self, request, obj=None):
        """As in « Équipe »: what one could have given, and never one's own."""
        if obj is None or request.user.is_superuser:
            return True
        return obj.compte != request.user and donnable(perimetres(request.habilitation), obj)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        champ = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "role":
            champ.queryset = champ.queryset.exclude(acteur="portail")
        return champ

    def get_form(self, request, obj=None, **kwargs):
        formulaire = super().get_form(request, obj, **kwargs)

        class Bornee(formulaire):
            def clean(self):
                donnees = super().clean()
                compte = donnees.get("compte", self.instance.compte_id and self.instance.compte)
                if refus := _refus(request, compte, donnees):
                    raise ValidationError(refus)
                if "debut" in self.changed_data and donnees.get("debut"):
                    for champ, refus in refus_du_debut(
                        donnees["debut"], timezone.localdate()
                    ).items():
                        self.add_error(champ, refus)
                return donnees

        return Bornee


def _refus(request, compte, donnees) -> str:
    """Why the account of the request may not give this; empty when it may."""
    role = donnees.get("role")
    if compte and a_le_portail(compte):
        return SUR_LE_PORTAIL
    if compte == request.user and role:
        seul = AffectationAdmin.ROLE_TECHNIQUE
        permis = request.user.is_superuser and role.pk == seul
        return "" if permis else "Personne ne se donne un rôle à soi-même."
    if request.user.is_superuser or not role or not donnees.get("etablissement"):
        return ""
    champs = {n: donnees.get(n) for n in ("role", "etablissement", "unite", "portee")}
    voulue = Affectation(**champs)
    return "" if donnable(perimetres(request.habilitation), voulue) else HORS_REGLE


class MessageSortantAdmin(LectureSeule):
    """Supervision: what waits, what was given up. Neither the dossier nor the contents."""

    list_display = ("pk", "type", "etat", "tentatives", "cree_le", "prochain_essai_le", "erreur")
    list_filter = ("etat", "type")
    ordering = ("-pk",)
    fields = (
        "cle",
        "type",
        "file",
        "etat",
        "tentatives",
        "cree_le",
        "prochain_essai_le",
        "envoye_le",
        "erreur",
    )
    actions = ("reessayer",)

    @admin.action(description="Réessayer l’envoi des messages abandonnés")
    def reessayer(self, request, queryset):
        if not self.admin_site.has_permission(request):
            raise PermissionDenied
        nombre = 0
        for message in queryset.select_for_update(of=("self",)).filter(etat="abandonne"):
            message.remettre_en_attente()
            nombre += 1
        messages.info(request, f"Messages remis en attente : {nombre}.")
