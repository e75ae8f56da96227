"""BG/NBD: how often a customer without a contract buys again, and whether it still does.

P. S. Fader, B. G. S. Hardie, K. L. Lee, ""Counting Your Customers" the Easy Way: An Alternative to the Pareto/NBD
Model", Marketing Science 24 (2005) 275-284, doi:10.1287/mksc.1040.0098. While alive, a customer buys at random with a
rate that is gamma distributed over customers (`r`, `alpha`); after each purchase it is lost with a probability that is
beta distributed (`a`, `b`). Everything is computed in logarithms: Fader and Hardie, "Overcoming the BG/NBD Model's
#NUM! Error Problem" (2013), http://brucehardie.com/notes/027/.

This module brings scipy with it; it is imported by the job that fits, when a fit is due, and by nobody at start.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize
from scipy.special import betaln, expit, gammaln

Floats = NDArray[np.float64]

LEAST_REPEATERS = 10
"""Customers who bought again that a fit needs: below, four parameters say nothing."""
_BOUND = 12.0
"""No parameter leaves e^-12 to e^12: beyond, the likelihood is flat."""
_NODES = 48
_STARTS = ((0.5, 5.0, 1.0, 3.0), (1.0, 30.0, 0.5, 2.0), (0.2, 1.0, 1.0, 1.0))


class NotFitted(Exception):
    """The history does not determine the parameters; the message says why."""


@dataclass(frozen=True, slots=True)
class Histories:
    """The purchases of customers, one entry each; all times in the same unit (we use weeks)."""

    repeats: Floats
    """Purchases after the first (x)."""
    last: Floats
    """From the first purchase to the last (t_x); 0 where there was one only."""
    observed: Floats
    """From the first purchase to now (T)."""

    @classmethod
    def of(cls, repeats: ArrayLike, *, last: ArrayLike, observed: ArrayLike) -> "Histories":
        """Return the histories; ValueError: a purchase before the first or after now, or a negative count."""
        x, t, whole = (np.asarray(each, dtype=np.float64) for each in (repeats, last, observed))
        if not (x.shape == t.shape == whole.shape):
            raise ValueError("The three columns differ in length.")
        if (x < 0).any() or (t < 0).any() or (t > whole).any() or not np.isfinite([x, t, whole]).all():
            raise ValueError("Counts are not negative, and the last purchase lies between the first and now.")
        return cls(x, t, whole)


@dataclass(frozen=True, slots=True)
class Buying:
    """The four parameters, and the log-likelihood at which they were found."""

    r: float
    alpha: float
    """In the unit of time of the histories."""
    a: float
    b: float
    log_likelihood: float = 0.0

    @classmethod
    def fit(cls, histories: Histories) -> "Buying":
        """Return the maximum likelihood estimate, or raise NotFitted."""
        repeaters = int((histories.repeats > 0).sum())
        if repeaters < LEAST_REPEATERS:
            raise NotFitted(f"{repeaters} customers bought again; at least {LEAST_REPEATERS} are needed.")
        rows, weights = _distinct(histories)

        def cost(logs: Floats) -> float:
            return -float((weights * _log_likelihood(np.exp(logs), rows)).sum() / weights.sum())

        found = min((_minimum(cost, start) for start in _STARTS), key=lambda each: float(each.fun))
        if not np.isfinite(found.fun) or np.abs(found.x).max() > _BOUND - 0.01:
            raise NotFitted("The likelihood has no maximum within sensible parameters.")
        r, alpha, a, b = (float(each) for each in np.exp(found.x))
        return cls(r, alpha, a, b, -float(found.fun) * float(weights.sum()))

    def alive(self, histories: Histories) -> Floats:
        """Return the probability that each customer still buys; 1 for those who never bought again.

        Fader, Hardie, Lee, "Computing P(alive) Using the BG/NBD Model" (2008), http://brucehardie.com/notes/021/.
        """
        return np.asarray(expit(-_log_odds_of_loss(self, histories)), dtype=np.float64)

    def purchases(self, histories: Histories, ahead: float) -> Floats:
        """Return how many purchases each customer is expected to make within the time `ahead`: equation 10.

        The paper's closed form divides by a - 1 and leaves the range of floating point for busy customers. We take
        the expectation that it is derived from, (1 - (1 + p t / (alpha + T))^-(r + x)) / p over the beta
        distribution of p, by Gauss-Jacobi quadrature: every term is positive, so nothing is lost.
        """
        x = histories.repeats
        reach = ahead / (self.alpha + histories.observed)
        expected = np.empty_like(x)
        for count in np.unique(x):
            nodes, weights = _beta_nodes(self.a, self.b + float(count))
            mine = x == count
            kept = np.log1p(np.outer(reach[mine], nodes))
            expected[mine] = -np.expm1(-(self.r + count) * kept) / nodes @ weights
        return np.asarray(expected * self.alive(histories), dtype=np.float64)


def log_likelihood(model: Buying, histories: Histories) -> float:
    """Return the sum over customers of the logarithm of equation 6."""
    return float(_log_likelihood(np.array([model.r, model.alpha, model.a, model.b]), histories).sum())


def _log_likelihood(parameters: Floats, rows: Histories) -> Floats:
    r, alpha, a, b = parameters
    x = rows.repeats
    common = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + betaln(a, b + x) - betaln(a, b)
    still = -(r + x) * np.log(alpha + rows.observed)
    with np.errstate(divide="ignore"):
        lost = np.where(x > 0, np.log(a) - np.log(np.maximum(b + x - 1, 1e-300)), -np.inf)
    gone = lost - (r + x) * np.log(alpha + rows.last)
    return np.asarray(common + np.logaddexp(still, gone), dtype=np.float64)


def _log_odds_of_loss(model: Buying, rows: Histories) -> Floats:
    x = rows.repeats
    lost = np.log(model.a) - np.log(np.maximum(model.b + x - 1, 1e-300))
    waited = (model.r + x) * (np.log(model.alpha + rows.observed) - np.log(model.alpha + rows.last))
    return np.where(x > 0, lost + waited, -np.inf)


@lru_cache(maxsize=4096)
def _beta_nodes(a: float, b: float) -> tuple[Floats, Floats]:
    """Return points and weights whose sums are expectations over Beta(a, b): G. H. Golub, J. H. Welsch (1969).

    The weights add up to 1. The recurrence is that of the Jacobi polynomials, moved from (-1, 1) to (0, 1).
    """
    left, right = b - 1, a - 1
    k = np.arange(1, _NODES, dtype=np.float64)
    both = 2 * k + left + right
    middle = np.concatenate([[(right - left) / (left + right + 2)], (right**2 - left**2) / (both * (both + 2))])
    first = 4 * (1 + left) * (1 + right) / ((2 + left + right) ** 2 * (3 + left + right))
    n, whole = k[1:], both[1:]
    beside = np.sqrt(
        np.concatenate(
            [
                [first],
                4 * n * (n + left) * (n + right) * (n + left + right) / (whole**2 * (whole + 1) * (whole - 1)),
            ]
        )
    )
    points, vectors = np.linalg.eigh(np.diag(middle) + np.diag(beside, 1) + np.diag(beside, -1))
    return np.clip((1 + points) / 2, 1e-300, 1.0), vectors[0] ** 2


def _distinct(histories: Histories) -> tuple[Histories, Floats]:
    """Return every history once, with how many customers have it: a million customers are some thousands of rows."""
    table = np.stack([histories.repeats, histories.last, histories.observed], axis=1)
    rows, counts = np.unique(table, axis=0, return_counts=True)
    return Histories(rows[:, 0], rows[:, 1], rows[:, 2]), counts.astype(np.float64)


def _minimum(cost: Any, start: tuple[float, ...]) -> Any:
    bounds = [(-_BOUND, _BOUND)] * len(start)
    return minimize(cost, np.log(start), method="L-BFGS-B", bounds=bounds, options={"ftol": 1e-13, "gtol": 1e-8})
