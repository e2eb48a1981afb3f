from accompagnement.models import DecisionPhotos, PhotoTransmission
from dui.socle import codes
from dui.socle.enums import Action, Bloc
from habilitations.models import Role

PARTIE = "usager"  # of « qualite_accord »: who speaks for the person


def derniere(dossier) -> DecisionPhotos | None:
    """For whoever writes, with or without the right to read it: whether a photo may be taken."""
    return DecisionPhotos.objects.filter(dossier=dossier).plus_recentes().first()


def decisions(habilitation, dossier) -> list[DecisionPhotos]:
    """The last one first, named as it is read: a refusal after an agreement withdraws it."""
    lues = DecisionPhotos.objects.visibles(habilitation).filter(dossier=dossier)
    lignes = list(lues.select_related("note_par").plus_recentes())
    for rang, ligne in enumerate(lignes):
        avant = lignes[rang + 1] if rang + 1 < len(lignes) else None
        ligne.qualite_dite = codes.libelle("qualite_accord", ligne.qualite)
        ligne.mention, ligne.ton, ligne.icone = _dire(ligne, avant)
    return lignes


def _dire(ligne, avant) -> tuple[str, str, str]:
    if ligne.accordee:
        return "Accord", "vert", "fait"
    return ("Accord retiré" if avant and avant.accordee else "Refus"), "rouge", "refus"


def qualites() -> list[tuple[str, str]]:
    connues = codes.codes("qualite_accord").values()
    return [(c.code, c.libelle) for c in connues if c.proprietes["partie"] == PARTIE]


def pourquoi_sans(habilitation, dossier, decision) -> dict:
    """On the form that may not have a photo: why, and who may note the agreement."""
    peut = habilitation.peut_pour(dossier, Bloc.JUR, Action.SAISIR)
    return {
        "phrase": "refus noté." if decision else "l’accord de la personne n’est pas noté.",
        "peut": peut,
        "qui": "" if peut else _qui_note(),
    }


def _qui_note() -> str:
    roles = Role.objects.filter(droits__bloc=Bloc.JUR, droits__action=Action.SAISIR)
    noms = roles.filter(acteur=Role.Acteur.PROFESSIONNEL).order_by("ordre", "pk")
    return ", ".join(nom[:1].lower() + nom[1:] for nom in noms.values_list("libelle", flat=True))


def ajouter_aux_lignes(transmissions) -> None:
    """Those that may be seen, and how many hide since the agreement was withdrawn: one query."""
    cles = [t.pk for t in transmissions]
    par_transmission: dict = {}
    photos = PhotoTransmission.objects.avec_accord().filter(transmission__in=cles)
    for photo in photos.order_by("jointe_le", "pk"):
        par_transmission.setdefault(photo.transmission_id, []).append(photo)
    for t in transmissions:
        siennes = par_transmission.get(t.pk, [])
        t.photos_vues = [p for p in siennes if p.accord == DecisionPhotos.Sens.ACCORD]
        t.photos_cachees = len(siennes) - len(t.photos_vues)
