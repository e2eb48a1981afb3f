from tests.socle.factories import ContactFactory, DossierFactory


def entoure(*prenoms, **champs):
    """A dossier with these contacts, in this call order."""
    dossier = DossierFactory(**champs)
    for rang, prenom in enumerate(prenoms, start=1):
        ContactFactory(
            dossier=dossier,
            prenom=prenom,
            nom="Morel",
            role="ECON",
            relation="DAUC",
            ordre_appel=rang,
        )
    return dossier
