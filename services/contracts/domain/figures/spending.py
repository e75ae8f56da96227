"""Gamma-Gamma: what a purchase of a customer is worth on average, drawn towards the mean of all while few are known.

P. S. Fader, B. G. S. Hardie, K. L. Lee, "RFM and CLV: Using Iso-Value Curves for Customer Base Analysis", Journal of
Marketing Research 42 (2005) 415-430; formulas as in Fader and Hardie, "The Gamma-Gamma Model of Monetary Value"
(2013), http://brucehardie.com/notes/025/. What a customer spends varies around its own mean (shape `p`); the means
differ between customers (`q`, `v`).

Like `buying`, this module brings scipy and is imported only where a fit is due. An average is an estimate and no
amount: it turns into money once, at the end, rounded to whole smallest units.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize
from scipy.special import gammaln

from services.contracts.domain.figures.buying import LEAST_REPEATERS, Buying, Floats, Histories, NotFitted

_BOUND = 12.0
_LEAST_SPREAD = 1e-6
_STARTS = ((2.0, 3.0, 1.0), (6.0, 4.0, 0.5), (1.0, 1.5, 1.0))


@dataclass(frozen=True, slots=True)
class Spending:
    """The three parameters; `v` is in the unit of the amounts that were fitted."""

    p: float
    q: float
    v: float
    log_likelihood: float = 0.0

    @classmethod
    def fit(cls, repeats: ArrayLike, average: ArrayLike) -> "Spending":
        """Return the maximum likelihood estimate over customers who bought again, or raise NotFitted.

        `average` is the mean amount of the repeat purchases. Customers without one, or who paid nothing, tell nothing.
        """
        x, mean = np.asarray(repeats, dtype=np.float64), np.asarray(average, dtype=np.float64)
        told = (x > 0) & (mean > 0)
        x, mean = x[told], mean[told]
        if len(x) < LEAST_REPEATERS:
            raise NotFitted(f"{len(x)} customers bought again for money; at least {LEAST_REPEATERS} are needed.")
        if float(np.ptp(mean)) < _LEAST_SPREAD * float(mean.max()):
            raise NotFitted("All customers spend alike: nothing tells how their means differ.")
        scale = float(np.median(mean))  # amounts near 1 keep the three parameters of one size
        unit = mean / scale

        def cost(logs: Floats) -> float:
            return -float(_log_likelihood(np.exp(logs), x, mean=unit).mean())

        bounds = [(-_BOUND, _BOUND)] * 3
        options = {"ftol": 1e-14, "gtol": 1e-9, "maxiter": 1000}
        tried = (minimize(cost, np.log(s), method="L-BFGS-B", bounds=bounds, options=options) for s in _STARTS)
        found = min(tried, key=lambda each: float(each.fun))
        p, q, v = (float(each) for each in np.exp(found.x))
        if not np.isfinite(found.fun) or np.abs(found.x).max() > _BOUND - 0.01 or q <= 1:
            raise NotFitted("The likelihood has no maximum at which customers have a mean.")
        best = cls(p, q, v * scale)
        return cls(p, q, v * scale, log_likelihood(best, x, average=mean))

    def average(self, repeats: ArrayLike, average: ArrayLike) -> Floats:
        """Return the expected amount of a future purchase of each customer: equation 5 of the note."""
        x, mean = np.asarray(repeats, dtype=np.float64), np.asarray(average, dtype=np.float64)
        return np.asarray(self.p * (self.v + x * mean) / (self.p * x + self.q - 1), dtype=np.float64)


def log_likelihood(model: Spending, repeats: Floats, *, average: Floats) -> float:
    """Return the sum over customers of the logarithm of equation 1a."""
    return float(_log_likelihood(np.array([model.p, model.q, model.v]), repeats, mean=average).sum())


def value_ahead(
    buying: Buying, histories: Histories, *, amounts: ArrayLike, periods: int, length: float, discount: float
) -> Floats:
    """Return the present value of the purchases expected in so many periods of `length`, each worth its amount.

    `discount` is the rate for one period (0.01: one percent); what a period brings is counted at its end.
    """
    until = np.stack([buying.purchases(histories, length * k) for k in range(1, periods + 1)])
    each = np.diff(until, axis=0, prepend=np.zeros((1, until.shape[1])))
    factors = (1 + discount) ** -np.arange(1, periods + 1, dtype=np.float64)
    return np.asarray(factors @ each * np.asarray(amounts, dtype=np.float64), dtype=np.float64)


def _log_likelihood(parameters: Floats, x: Floats, *, mean: Floats) -> Floats:
    p, q, v = parameters
    shape = p * x
    return np.asarray(
        gammaln(shape + q)
        - gammaln(shape)
        - gammaln(q)
        + q * np.log(v)
        + (shape - 1) * np.log(mean)
        + shape * np.log(x)
        - (shape + q) * np.log(v + x * mean),
        dtype=np.float64,
    )
