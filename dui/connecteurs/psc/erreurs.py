"""What may go wrong with the provider. No message ever quotes a token or an answer."""


class ErreurPSC(Exception):
    pass


class Injoignable(ErreurPSC):
    """No answer in time, or an answer that is not one."""


class Refus(ErreurPSC):
    """The provider answered no; `code` is its OAuth error code."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


class EnAttente(Refus):
    """CIBA: the person has not answered on their device yet."""


class PlusLentement(EnAttente):
    """CIBA: asked too often; the interval grows by five seconds."""


class JetonInvalide(ErreurPSC):
    """A token or claims that prove nothing; `motif` is a word for the journal."""

    def __init__(self, motif: str):
        super().__init__(motif)
        self.motif = motif
