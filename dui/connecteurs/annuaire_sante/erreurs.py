"""What may go wrong with the directory. No message ever quotes the key or an answer."""


class ErreurAnnuaire(Exception):
    """`motif`: a few words for the supervision."""

    def __init__(self, motif: str):
        super().__init__(motif)
        self.motif = motif


class Injoignable(ErreurAnnuaire):
    """No answer in time, a server in trouble, or nobody at this address."""


class ReponseIllisible(ErreurAnnuaire):
    """An answer that is not what it should be: too large, not JSON, another kind of resource."""


class DemandeRefusee(ErreurAnnuaire):
    """400, 404, 410, 412: the request itself is wrong, asking again changes nothing."""


class CleRefusee(ErreurAnnuaire):
    """401, 403: the key is wrong, revoked, or not allowed here."""


class TropDeDemandes(ErreurAnnuaire):
    """429: come back after `attente` seconds."""

    def __init__(self, attente: float):
        super().__init__(f"trop de demandes, attendre {attente:.0f} s")
        self.attente = attente
