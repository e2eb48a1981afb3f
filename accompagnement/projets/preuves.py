"""Transmissions as evidence (registry `sources_preuves`)."""

from accompagnement.models import Transmission
from dui.socle import codes
from dui.socle.enums import Bloc
from dui.socle.registres import SourcePreuves, Trace


def _trace(transmission) -> Trace:
    cible = codes.libelle("cible_transmission", transmission.cible) if transmission.cible else ""
    return Trace(
        cle=transmission.pk,
        survenu_le=transmission.survenu_le,
        texte=transmission.resume,
        auteur=f"{transmission.auteur.signature}, {transmission.fonction}",
        titre=cible,
        url_nom="accompagnement:transmission_historique",
        url_argument="transmission_id",
    )


def lire(habilitation, dossier, cles) -> dict:
    """{the key that was linked: what it says today}: a correction speaks in its place."""
    visibles = Transmission.objects.visibles(habilitation).filter(dossier=dossier)
    lues = {t.pk: t for t in visibles.filter(pk__in=list(cles)).select_related("auteur")}
    trouvees = dict(lues)
    while perimees := {t.pk: cle for cle, t in trouvees.items() if not t.courante}:
        suivantes = visibles.filter(remplace__in=list(perimees)).select_related("auteur")
        relais = {perimees[t.remplace_id]: t for t in suivantes}
        for cle in perimees.values():
            if cle in relais:
                trouvees[cle] = relais[cle]
            else:  # its correction is closed to this account
                del trouvees[cle]
    return {cle: _trace(t) for cle, t in trouvees.items()}


def recentes(habilitation, dossier, nombre) -> list[Trace]:
    lignes = Transmission.objects.visibles(habilitation).filter(dossier=dossier)
    return [_trace(t) for t in lignes.en_vigueur().pour_fil()[:nombre]]


SOURCE = SourcePreuves("transmission", "Transmission", lire, recentes, Bloc.TRA, ordre=10)
