"""Reads of the inbox: one query for the rows, one for the receipts, whatever their number."""

from django.db.models import Prefetch

from coordination.boite.regles import ATTENTE_MAX, LUES_MAX
from dui.socle import taches
from dui.socle.models import LectureTache, Tache
from habilitations.models import Role

VUES = {
    "a-faire": "À faire",
    "non-lus": "Non lus",
    "envoyes": "Envoyés",
    "faits": "Faits",
}
TONS = {1: ("rouge", "urgence"), 2: ("rouge", "alerte"), 3: ("gris", "info")}


def boite(habilitation, vue: str) -> list[Tache]:
    """What the account has to do, has not read, has sent, or what is over."""
    siennes = Tache.objects.visibles(habilitation)
    recues = Tache.objects.recues(habilitation)
    choix = {
        "a-faire": lambda: recues.a_faire().urgentes_d_abord(),
        "non-lus": lambda: recues.non_lues(habilitation).a_faire().order_by("-creee_le", "pk"),
        "envoyes": lambda: siennes.creees_par(habilitation).order_by("-creee_le", "pk"),
        "faits": lambda: recues.exclude(etat=Tache.Etat.A_FAIRE).order_by("-close_le", "pk"),
    }
    return completer(habilitation, choix[vue]()[:LUES_MAX])


def completer(habilitation, requete) -> list[Tache]:
    """With the person, the two ends, the receipts, and what each row says of itself."""
    recues = LectureTache.objects.select_related("compte").order_by("lue_le", "pk")
    lues = requete.select_related(
        "dossier__usager", "compte", "creee_par", "close_par", "unite", "etablissement"
    ).prefetch_related(Prefetch("lectures", queryset=recues))
    lignes = list(lues)
    fonctions = _fonctions(lignes)
    for t in lignes:
        t.lue_par_moi = any(x.compte_id == habilitation.compte.pk for x in t.lectures.all())
        t.a_qui = t.compte.signature if t.compte else fonctions.get(t.role, t.role)
        if t.role and t.unite:
            t.a_qui += f", {t.unite}"
        t.ton, t.icone = ("rouge", "retard") if t.en_retard else TONS[t.priorite]
        t.mot = "En retard" if t.en_retard else t.get_priorite_display()
        source = taches.source_de(t)
        t.provenance = source.libelle if source else ""
        t.lien = source.adresse(t) if source else ""
    return lignes


def _fonctions(lignes) -> dict[str, str]:
    roles = {t.role for t in lignes if t.role}
    if not roles:
        return {}
    return dict(Role.objects.filter(pk__in=roles).values_list("pk", "fonction_courte"))


def est_pour(habilitation, tache) -> bool:
    return Tache.objects.recues(habilitation).filter(pk=tache.pk).exists()


def _qui_pressent(habilitation):
    recues = Tache.objects.recues(habilitation).a_faire()
    return recues.qui_pressent(habilitation)


def a_traiter(habilitation):
    """Counted by the shell with all that waits: to do by now, or not read yet."""
    return _qui_pressent(habilitation).order_by("pk")[:ATTENTE_MAX]


def les_plus_pressantes(habilitation, nombre: int) -> list[Tache]:
    """Of those that the shell counts, by one query: what is asked, and about whom."""
    pressent = _qui_pressent(habilitation).urgentes_d_abord()
    return list(pressent.select_related("dossier__usager")[:nombre])


def prochaines(habilitation, nombre: int) -> list[Tache]:
    recues = Tache.objects.recues(habilitation).a_faire()
    return completer(habilitation, recues.urgentes_d_abord()[:nombre])
