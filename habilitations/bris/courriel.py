"""Tell those who judge that something waits for them. No name, no reason: only « come and see »."""

from dui.socle import courriels
from dui.socle.models import MessageSortant
from dui.socle.sortants import expediteur
from habilitations.bris.lectures import destinataires
from habilitations.models import BrisDeGlace

SUJET = "DUI : un bris de glace est à revoir"
TEXTE = (
    "Un dossier vient d’être ouvert par bris de glace dans votre établissement.\n"
    "Connectez-vous au DUI, page « Bris de glace », pour en prendre connaissance et le revoir.\n"
)


@expediteur("notification.bris_de_glace")
def avertir(message: MessageSortant) -> dict:
    """The review page and the counter of the shell say it anyway."""
    bris = BrisDeGlace.objects.select_related("etablissement").get(pk=message.charge["bris"])
    return courriels.envoyer(SUJET, TEXTE, [c.email for c in destinataires(bris)])
