"""Stop an upload that is too big while it comes, before the disk holds it."""

from functools import wraps

from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from admission.importation.lecture import TAILLE_MAXIMALE


class Plafond(FileUploadHandler):
    """Counts the bytes of every file; past the limit the rest is not even read."""

    def __init__(self, request=None):
        super().__init__(request)
        self._recus = 0

    def receive_data_chunk(self, raw_data, start):
        self._recus += len(raw_data)
        if self._recus > TAILLE_MAXIMALE + 2**20:
            raise StopUpload(connection_reset=True)
        return raw_data

    def file_complete(self, file_size):
        return None


def plafonner(vue):
    @wraps(vue)
    def enveloppe(request, *args, **kwargs):
        request.upload_handlers.insert(0, Plafond(request))
        return vue(request, *args, **kwargs)

    return enveloppe
