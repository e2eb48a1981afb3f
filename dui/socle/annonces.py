"""Messages shown once, which also remember that something was said to be done."""

from django.contrib.messages import SUCCESS
from django.contrib.messages.storage.session import SessionStorage


class Annonces(SessionStorage):
    """A page says that it has saved by a message of success: nothing else closes a draft."""

    reussite = False

    def add(self, level, message, extra_tags=""):
        self.reussite = self.reussite or level == SUCCESS
        super().add(level, message, extra_tags)
