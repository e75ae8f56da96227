"""The weights of the likelihood model, read from the file beside this one."""

import json
from importlib import resources

from cattrs import Converter

from services.contracts.domain.renewals.likelihood import LikelihoodModel

CURRENT = "likelihood-2026-11.json"


def load_model(name: str = CURRENT) -> LikelihoodModel:
    """Return a version of the model. Raises ValueError where its bands are wrong."""
    text = resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
    return Converter().structure(json.loads(text), LikelihoodModel)
