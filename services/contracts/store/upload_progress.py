"""How far the tables are that people bring, in MongoDB."""

from services.chassis.import_progress_store import ProgressDocument
from services.contracts.store.database import ALIAS


class UploadProgressDocument(ProgressDocument):
    """How far one file is."""

    meta = {"db_alias": ALIAS, "collection": "upload_progress"}
