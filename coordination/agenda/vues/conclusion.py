"""The sheet of a session: who came, a word for each, a report for all."""

from django import forms
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from coordination.agenda import services_conclusion, trajets
from coordination.agenda.vues.ecriture import a_ecrire
from coordination.models import Participation, RendezVous
from dui.socle import registres
from dui.socle.enums import Action, Bloc
from dui.socle.journal import consigner_chacun
from dui.socle.refus import conflit_de, refus_dans, statut
from dui.socle.templatetags.dates import quand_texte
from habilitations import redaction
from habilitations.acces import acces_bloc
from habilitations.conflits import FormulaireVersionne, repondre
from habilitations.lieux import lieu_dans
from habilitations.pages import rendre_maison

PRESENCE = Participation.Presence
VENUE = [(p.value, p.label) for p in (PRESENCE.PRESENTE, PRESENCE.ABSENTE, PRESENCE.REFUSEE)]


def _nommer(usager) -> str:
    """Two persons of a unit may bear one name: the birth date stands beside it."""
    return f"{usager.nom_affiche}, {usager.naissance_affichee}"


class ConclusionForm(FormulaireVersionne):
    compte_rendu = forms.CharField(
        label="Compte rendu", required=False, max_length=8000, widget=forms.Textarea({"rows": 4})
    )

    def __init__(self, *args, inscrits, objectifs=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.inscrits = inscrits
        for p in inscrits:
            self.fields[f"presence_{p.pk}"] = forms.ChoiceField(
                label=_nommer(p.dossier.usager), choices=VENUE, widget=forms.RadioSelect
            )
            self.fields[f"note_{p.pk}"] = forms.CharField(
                label=f"Un mot pour {p.dossier.usager.nom_affiche}", required=False, max_length=2000
            )
            for nom in ("presence", "note"):
                self.fields[f"{nom}_{p.pk}"].dossier = p.dossier_id
        if self.objet.transport:
            self.fields |= {
                "trajet_km": trajets.kilometres(),
                "trajet_minutes": trajets.duree(),
                "trajet_reel": trajets.nombre(
                    "Coût réel", trajets.EUROS_MAX, "en euros", decimal_places=2
                ),
            }
        if objectifs:
            self.fields["objectif"] = forms.ChoiceField(
                label="Objectif servi", required=False, choices=[("", "Aucun"), *objectifs]
            )

    def valeurs(self, objet) -> dict:
        siennes = objet.participations.all()
        venues = {
            f"presence_{p.pk}": PRESENCE.PRESENTE if p.presence == PRESENCE.PREVUE else p.presence
            for p in siennes
        }
        mots = {f"note_{p.pk}": p.note for p in siennes}
        seul = self.inscrits[0].objectif if len(self.inscrits) == 1 else ""
        trajet = {nom: getattr(objet, nom) for nom in trajets.FAIT}
        return {"compte_rendu": objet.compte_rendu, "objectif": seul} | venues | mots | trajet

    def trajet(self) -> dict:
        return {nom: self.cleaned_data[nom] for nom in trajets.FAIT if nom in self.fields}

    def lignes(self) -> dict:
        d = self.cleaned_data
        return {
            p.dossier_id: {
                "presence": d[f"presence_{p.pk}"],
                "note": d[f"note_{p.pk}"],
                "objectif": d.get("objectif", p.objectif),
            }
            for p in self.inscrits
        }

    def dessinees(self):
        """One line a person: [(participation, presence, note)]."""
        return [(p, self[f"presence_{p.pk}"], self[f"note_{p.pk}"]) for p in self.inscrits]


@require_http_methods(["GET", "POST"])
@acces_bloc(Bloc.AGE, Action.SAISIR)
def conclure(request, rendez_vous_id):
    h = request.habilitation
    r = a_ecrire(h, rendez_vous_id)
    ici = reverse("coordination:rendez_vous", args=[r.pk])
    if r.statut == RendezVous.Statut.ANNULE or r.debut > timezone.now():
        annule = r.statut == RendezVous.Statut.ANNULE
        motif = services_conclusion.EST_ANNULE if annule else services_conclusion.A_VENIR
        redaction.trop_tard(request, None, motif)
        return redirect(ici)
    inscrits = [p for p in r.siennes if p.presence != PRESENCE.ANNULEE]
    formulaire = ConclusionForm(
        request.POST or None,
        objet=r,
        inscrits=inscrits,
        objectifs=registres.objectifs(h, inscrits[0].dossier) if len(inscrits) == 1 else (),
    )
    if formulaire.is_valid() and (reponse := _enregistrer(request, r, formulaire, ici)):
        return reponse
    nommes = [p.dossier for p in inscrits]
    consigner_chacun(h, "voir", nommes, bloc=r.bloc, cible=request.resolver_match.view_name)
    contexte = {
        "titre": r.libelle,
        "sous_titre": quand_texte(r.debut),
        "r": r,
        "formulaire": formulaire,
        "lignes": formulaire.dessinees(),
        "retour": ici,
    }
    gabarit = "coordination/agenda/conclure.html"
    options = {"brouillon": f"Présences : {r.libelle}", "lieu": lieu_dans(request, r.etablissement)}
    return rendre_maison(request, gabarit, contexte, **options, status=statut(formulaire))


def _enregistrer(request, r, formulaire, ici) -> HttpResponseRedirect | None:
    with refus_dans(formulaire):
        services_conclusion.conclure(
            request.habilitation,
            r.pk,
            version_lue=formulaire.cleaned_data["version"],
            compte_rendu=formulaire.cleaned_data["compte_rendu"],
            lignes=formulaire.lignes(),
            trajet=formulaire.trajet(),
        )
        messages.success(request, f"« {r.libelle} » : présences et compte rendu enregistrés.")
        redaction.clore(request, None)
        return redirect(_suite(request, r, ici))
    if conflit := conflit_de(formulaire):
        return repondre(request, formulaire, conflit, retour=ici)
    return None


def _suite(request, r, ici) -> str:
    """An activity goes back among those of its day, in its house."""
    if r.nature != RendezVous.Nature.ACTIVITE:
        return ici
    lieu = lieu_dans(request, r.etablissement)
    return f"{reverse('coordination:activites')}?{lieu.du_jour(timezone.localdate(r.debut))}"
