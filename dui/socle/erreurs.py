from django.core.exceptions import ValidationError


class ConflitDeVersion(ValidationError):
    """The row changed since the user read it; `actuel` is what it holds now."""

    def __init__(self, message: str, *, actuel=None):
        super().__init__(message, code="conflit")
        self.actuel = actuel
