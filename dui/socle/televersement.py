"""Stop an upload that is too big while it comes, before the disk holds it."""

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, StopUpload


class Plafond(FileUploadHandler):
    """First of FILE_UPLOAD_HANDLERS. Past the limit the rest of the body is not even read; the
    view finds `request.fichier_trop_gros` instead of the file."""

    def __init__(self, request=None):
        super().__init__(request)
        self._recus = 0

    def receive_data_chunk(self, raw_data, start):
        self._recus += len(raw_data)
        if self._recus > settings.TAILLE_MAXIMALE_DOCUMENT:
            self.request.fichier_trop_gros = True
            raise StopUpload(connection_reset=True)
        return raw_data

    def file_complete(self, file_size):
        return None
