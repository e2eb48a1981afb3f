class FichierRefuse(Exception):
    """The whole file is refused: what is wrong and what to do, in French, for its owner."""

    def __init__(self, message: str, que_faire: str):
        super().__init__(message)
        self.message = message
        self.que_faire = que_faire


ENREGISTRER_EN_XLSX = (
    "Ouvrez le fichier dans votre tableur et enregistrez-le au format « Classeur Excel (.xlsx) » "
    "ou « CSV UTF-8 »."
)
EXPORTER_DE_NOUVEAU = (
    "Exportez de nouveau la liste depuis votre logiciel, ou enregistrez-la en .xlsx depuis un "
    "tableur."
)
