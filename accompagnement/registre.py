"""What this block offers to the others."""


def enregistrer():
    pass
