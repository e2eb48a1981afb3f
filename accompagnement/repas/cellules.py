"""The cells of a service: what each may eat is a template, what they ate is drawn here."""

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accompagnement.repas import lectures, listes
from accompagnement.repas.formulaires import COMME_PREVU, choix_a_part, choix_ordinaires
from dui.socle import codes
from dui.socle.templatetags.outils import dessin


def lignes(service, formulaire) -> list[dict]:
    """[{convive, absence, mot, case}] in the order of the ward."""
    return [
        {
            "convive": c,
            "absence": codes.libelle("motif_absence", c.statut.code) if c.absent else "",
            "mot": _mot(c),
            "case": "" if c.absent and not c.servi else _case(c, formulaire),
        }
        for c in service.convives
    ]


def _mot(convive) -> str:
    if not convive.a_confirmer or convive.servi:
        return ""
    return f"{codes.libelle('motif_absence', convive.statut.code)} : prévue, à confirmer"


def _case(convive, formulaire) -> SafeString:
    return _servi(convive) if convive.servi else _a_noter(convive, formulaire)


def _servi(convive) -> SafeString:
    servi = lectures.nommer_servi(convive.servi)
    ecrit = f"{timezone.localtime(servi.ecrit_le):%H:%M}"
    return format_html(
        '<a class="case {}" href="{}" aria-label="{}">{}<span>{}<small>{}, {}</small></span></a>',
        "ecart" if servi.ecart else "fait",
        reverse("accompagnement:repas_corriger", args=[servi.dossier_id, servi.pk]),
        f"{convive.dossier.usager.nom_affiche} : {servi.quoi}, par {servi.auteur.signature} à "
        f"{ecrit}, corriger",
        dessin("refus" if servi.ecart else "fait"),
        servi.quoi,
        ecrit,
        servi.auteur.signature,
    )


def _a_noter(convive, formulaire) -> SafeString:
    nom, texte = f"e_{convive.sejour.pk}", f"p_{convive.sejour.pk}"
    qui = convive.dossier.usager.nom_affiche
    choix = choix_a_part() if convive.un_par_un else choix_ordinaires()
    return format_html(
        '<div class="acte"><select class="case" name="{}" id="id_{}" aria-label="{}">{}</select>'
        '<input class="entree" name="{}" id="id_{}" value="{}" maxlength="300" aria-label="{}" '
        'placeholder="Précision"{}></div>',
        nom,
        nom,
        f"Repas de {qui}",
        _options(choix, _valeur(formulaire, nom)),
        texte,
        texte,
        _valeur(formulaire, texte),
        f"Précision, {qui}",
        format_html(' aria-invalid="{}"', "true") if texte in formulaire.errors else "",
    )


def _valeur(formulaire, nom) -> str:
    if formulaire.is_bound:
        return formulaire.data.get(nom, "")
    return formulaire.initial.get(nom) or ""


def _options(choix, choisie) -> SafeString:
    """A departure carries its class, for the style to follow it."""
    ordinaires = (COMME_PREVU, listes.PRIS, listes.PLUS_TARD)
    return format_html_join(
        "",
        '<option value="{}"{}{}>{}</option>',
        (
            (
                valeur,
                "" if valeur in ordinaires else format_html(' class="{}"', "ecart"),
                format_html(" {}", "selected") if valeur == choisie else "",
                libelle,
            )
            for valeur, libelle in choix
        ),
    )
