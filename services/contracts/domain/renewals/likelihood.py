"""How likely a renewal is: points that add up, each with its reason in two languages; the weights are data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.contracts.domain.terms.numbered import numbered

LEAST, MOST = 0, 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """The points for a fact that is at most so large; `{value}` in the words is the fact."""

    at_most: int | None
    """None: the last band, without an upper bound."""
    points: int
    english: str
    chinese: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """One fact that speaks for or against a renewal."""

    fact: str
    scale: int
    """Decimal places that the fact's whole number stands for when it is shown."""
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LikelihoodModel:
    """A version of the weights."""

    version: str
    base: int
    """Points before any fact is known."""
    base_english: str
    base_chinese: str
    factors: tuple[Factor, ...]

    def __post_init__(self) -> None:
        """Refuse, with ValueError, bands that are out of order or leave a value without points."""
        for factor in self.factors:
            limits = [band.at_most for band in factor.bands]
            bounded = [limit for limit in limits if limit is not None]
            if not limits or limits[-1] is not None or len(bounded) != len(limits) - 1 or bounded != sorted(bounded):
                raise ValueError(f"the bands of {factor.fact} must rise and end without a bound")


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """What one fact added or took away, and why."""

    fact: str
    points: int
    english: str
    chinese: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Likelihood:
    """0 to 100; the points add up to it, but for the cut at either end."""

    score: int
    model: str
    points: tuple[Point, ...]
    scored_date: date


def likelihood_of(facts: Mapping[str, int], model: LikelihoodModel, *, today: date) -> Likelihood:
    """Return the likelihood; a fact that is not known gives no points and is not mentioned."""
    base = Point(fact="base", points=model.base, english=model.base_english, chinese=model.base_chinese)
    points = (base, *(_point(factor, facts[factor.fact]) for factor in model.factors if factor.fact in facts))
    total = sum(point.points for point in points)
    return Likelihood(score=min(max(total, LEAST), MOST), model=model.version, points=points, scored_date=today)


def _point(factor: Factor, value: int) -> Point:
    band = _band(factor.bands, value)
    shown = format(Decimal(value).scaleb(-factor.scale), "f")
    return Point(
        fact=factor.fact,
        points=band.points,
        english=numbered(band.english, shown).replace("{value}", shown),
        chinese=band.chinese.replace("{value}", shown),
    )


def _band(bands: Sequence[Band], value: int) -> Band:
    return next(band for band in bands if band.at_most is None or value <= band.at_most)
