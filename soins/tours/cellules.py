"""What a round draws a hundred times: a case of its table. Templates took longer than the rest."""

from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from dui.socle import codes
from dui.socle.templatetags.listes import neant
from dui.socle.templatetags.outils import dessin
from soins.tours import listes
from soins.tours.formulaires import choix_ordinaires, choix_un_par_un
from soins.tours.regles import apres_coup


def lignes(tour, formulaire) -> list[dict]:
    """[{ligne, absence, cases: [(name of the act, html)]}] in the order of the columns. Somebody
    away for the whole round has one wide case: why there is nothing to validate."""
    dessinateur = Dessinateur(formulaire)
    return [_ligne(dessinateur, ligne, tour.colonnes) for ligne in tour.lignes]


def _ligne(dessinateur, ligne, colonnes) -> dict:
    absent = bool(ligne.absence) and not any(r for _, r in ligne.actes) and not ligne.a_noter
    cases = [] if absent else [(listes.court(c), dessinateur.case(ligne, c)) for c in colonnes]
    return {
        "ligne": ligne,
        "absence": _absence(ligne) if absent else "",
        "note": _absence(ligne) if ligne.absence and not absent else "",
        "icone": ligne.absence.code.proprietes["icone"] if absent else "",
        "etendue": len(colonnes),
        "cases": cases,
        "reste": bool(ligne.a_noter) and not ligne.absence,
    }


def _absence(ligne) -> str:
    """« Hôpital depuis 08:50 : rien à valider »"""
    depuis = timezone.localtime(ligne.absence.debut)
    quand = f"{depuis:%H:%M}" if depuis.date() == timezone.localdate() else f"le {depuis:%d/%m}"
    texte = f"{ligne.absence.code.proprietes['court']} depuis {quand}"
    if ligne.a_noter:
        return f"{texte} : notez seulement ce qui a été fait avant."
    return f"{texte} : rien à valider."


class Dessinateur:
    def __init__(self, formulaire):
        self.formulaire = formulaire
        self.choix = {False: choix_ordinaires(), True: choix_un_par_un()}
        self.dessinees: dict[tuple[bool, str], SafeString] = {}
        self.seuil = timedelta(minutes=settings.SAISIE_APRES_COUP_MINUTES)

    def case(self, ligne, code) -> SafeString:
        couples = ligne.cases.get(code, [])
        if not couples:
            return neant("rien de prévu")
        return format_html_join("", "{}", ((self._un(ligne, *c),) for c in couples))

    def _un(self, ligne, acte, realise):
        if realise:
            return self._realise(realise, ligne)
        if ligne.absence and not ligne.parti_pendant:
            return neant("absent")
        return self._a_noter(ligne, acte)

    def _realise(self, realise, ligne):
        heure = timezone.localtime(realise.fait_le)
        tard = apres_coup(realise.fait_le, realise.ecrit_le, self.seuil)
        mot = "Fait"
        if realise.ecart:
            mot = codes.libelle("ecart_acte", realise.motif)
        ecrit = timezone.localtime(realise.ecrit_le)
        coup = format_html("<small>saisi après coup, {}</small>", f"{ecrit:%H:%M}") if tard else ""
        return format_html(
            '<a class="case {}" href="{}" aria-label="{}">{}<span>{} {}<small>{}</small>{}'
            "</span></a>",
            "ecart" if realise.ecart else "fait",
            reverse("soins:acte_corriger", args=[ligne.dossier.pk, realise.pk]),
            f"{listes.court(realise.code)} de {ligne.dossier.usager.nom_affiche} : {mot}, par "
            f"{realise.auteur.signature} à {heure:%H:%M}, corriger",
            dessin("refus" if realise.ecart else "fait"),
            mot,
            f"{heure:%H:%M}",
            realise.auteur.signature,
            coup,
        )

    def _a_noter(self, ligne, acte):
        nom, texte = f"e_{acte.pk}", f"p_{acte.pk}"
        qui = f"{listes.court(acte.code)}, {ligne.dossier.usager.nom_affiche}"
        return format_html(
            '<div class="acte"{}><select class="case" name="{}" id="id_{}" aria-label="{}">{}'
            '</select><input class="entree" name="{}" id="id_{}" value="{}" maxlength="300" '
            'aria-label="{}" placeholder="Précision"{}></div>',
            format_html(' title="{}"', acte.consigne) if acte.consigne else "",
            nom,
            nom,
            qui,
            self._options_de(acte, self._valeur(nom)),
            texte,
            texte,
            self._valeur(texte),
            f"Précision, {qui}",
            format_html(' aria-invalid="{}"', "true") if texte in self.formulaire.errors else "",
        )

    def _valeur(self, nom) -> str:
        if self.formulaire.is_bound:
            return self.formulaire.data.get(nom, "")
        return self.formulaire.initial.get(nom) or ""

    def _options_de(self, acte, valeur) -> SafeString:
        """The list with this value chosen: drawn once for all the acts that say the same."""
        cle = acte.pk in self.formulaire.individuels, valeur
        if cle not in self.dessinees:
            self.dessinees[cle] = _options(self.choix[cle[0]], valeur)
        return self.dessinees[cle]


def _options(choix, choisie) -> SafeString:
    """A departure carries its class, for the style to follow it."""
    ordinaires = ("", listes.FAIT)
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
