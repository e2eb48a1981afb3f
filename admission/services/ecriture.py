"""Write a batch of accepted lines: persons, records, stays, contacts, with their history."""

from simple_history.utils import bulk_create_with_history

from admission.recues import SOURCE, contact, recue_de
from admission.services.numeros import Numeros
from admission.services.passage import Decision, Passage, Sort
from dui.socle import quarantaine
from dui.socle.enums import Domaine
from dui.socle.models import Contact, Dossier, Place, Sejour, Unite, Usager

MOTIF = "Import de liste"


class Ecriture:
    def __init__(self, passage: Passage) -> None:
        self.passage = passage
        self.compte = passage.importation.compte
        organisme = passage.etablissement.organisme
        self._numeros = Numeros(organisme, passage.aujourd_hui)

    def ecrire(self, decisions: list[Decision]) -> None:
        unites, places = self.passage.lieux.a_creer()
        Unite.objects.bulk_create(unites)
        Place.objects.bulk_create(places)
        nouvelles = [d for d in decisions if d.sort is Sort.CREER]
        dossiers = self._creer(nouvelles)
        self._creer_contacts(nouvelles, dossiers)
        for decision in decisions:
            if decision.sort is Sort.COMPLETER and not self._completer(decision):
                decision.sort = Sort.IGNORER
                self.passage.sorts.update({Sort.COMPLETER: -1, Sort.IGNORER: 1})
            if decision.sort is Sort.QUARANTAINE:
                self._confier(decision)

    def _confier(self, decision: Decision) -> None:
        quarantaine.deposer(
            self.passage.habilitation,
            self.passage.etablissement,
            recue_de(decision.ligne),
            decision.verdict,
            source=SOURCE,
            repere=f"{self.passage.importation.pk} ligne {decision.ligne.ligne}",
        )

    def _historiser(self, lignes, modele) -> None:
        bulk_create_with_history(
            lignes, modele, default_user=self.compte, default_change_reason=MOTIF
        )

    def _creer(self, decisions: list[Decision]) -> list[Dossier]:
        usagers = [_usager(d) for d in decisions]
        dossiers = [self._dossier(d, u) for d, u in zip(decisions, usagers, strict=True)]
        sejours = [self._sejour(d, x) for d, x in zip(decisions, dossiers, strict=True)]
        for lignes, modele in ((usagers, Usager), (dossiers, Dossier), (sejours, Sejour)):
            if lignes:
                self._historiser(lignes, modele)
        return dossiers

    def _dossier(self, decision: Decision, usager: Usager) -> Dossier:
        return Dossier(
            organisme=self.passage.etablissement.organisme,
            usager=usager,
            numero=decision.numero or self._numeros.suivant(),
            ouvert_le=min(decision.entree, self.passage.aujourd_hui),
            gir=decision.ligne.gir,
        )

    def _sejour(self, decision: Decision, dossier: Dossier) -> Sejour:
        a_domicile = self.passage.etablissement.domaine == Domaine.DOM
        return Sejour(
            dossier=dossier,
            etablissement=self.passage.etablissement,
            unite=decision.unite,
            place=decision.place,
            place_depuis=decision.entree if decision.place else None,
            entree_le=decision.entree,
            modalite=Sejour.Modalite.DOMICILE if a_domicile else Sejour.Modalite.PERMANENT,
        )

    def _creer_contacts(self, decisions: list[Decision], dossiers: list[Dossier]) -> None:
        contacts = [
            contact(lu, dossier, ordre)
            for decision, dossier in zip(decisions, dossiers, strict=True)
            for ordre, lu in enumerate(decision.ligne.contacts, start=1)
        ]
        if contacts:
            self._historiser(contacts, Contact)

    def _completer(self, decision: Decision) -> bool:
        """Fill what is empty, never replace; strict traits are not touched."""
        ligne = decision.ligne
        dossiers = Dossier.objects.select_for_update(of=("self",), no_key=True)
        organisme = self.passage.etablissement.organisme_id
        dossier = dossiers.get(usager=decision.usager_id, organisme=organisme)
        usager = Usager.objects.select_for_update(of=("self",)).get(pk=decision.usager_id)
        champs = ("nom_utilise", "prenom_utilise", "civilite", "telephone", "courriel")
        change = _remplir(usager, ligne, (*champs, "commune_naissance"))
        if ligne.gir and not dossier.gir:
            dossier.gir, dossier._change_reason, change = ligne.gir, MOTIF, True
            dossier._history_user = self.compte
            dossier.save()
        return change | self._completer_contacts(ligne, dossier)

    def _completer_contacts(self, ligne, dossier: Dossier) -> bool:
        if not ligne.contacts or dossier.contacts.exists():
            return False
        contacts = [contact(lu, dossier, n) for n, lu in enumerate(ligne.contacts, start=1)]
        self._historiser(contacts, Contact)
        return True


def _remplir(usager: Usager, ligne, champs) -> bool:
    vides = [c for c in champs if not getattr(usager, c) and getattr(ligne, c)]
    for champ in vides:
        setattr(usager, champ, getattr(ligne, champ))
    if vides:
        usager.version += 1
        usager._change_reason = MOTIF
        usager.save()
    return bool(vides)


def _usager(decision: Decision) -> Usager:
    """Always provisional: a list proves nothing, the INSi and a document do."""
    ligne = decision.ligne
    return Usager(
        nom_naissance=ligne.nom_naissance,
        prenoms=ligne.prenoms,
        premier_prenom=ligne.premier_prenom,
        nom_utilise=ligne.nom_utilise,
        prenom_utilise=ligne.prenom_utilise,
        civilite=ligne.civilite,
        sexe=ligne.sexe,
        date_naissance=ligne.date_naissance,
        naissance_incomplete=ligne.naissance_incomplete,
        lieu_naissance_cog=ligne.lieu_naissance_cog,
        commune_naissance=ligne.commune_naissance,
        matricule_ins=ligne.matricule,
        oid_ins=ligne.oid,
        homonyme=decision.homonyme,
        telephone=ligne.telephone,
        courriel=ligne.courriel,
    )
