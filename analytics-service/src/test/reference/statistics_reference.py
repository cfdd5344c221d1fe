"""Computes what the statistics of A/B tests are compared with, without any of our code.

    python3 statistics_reference.py > ../resources/statistics-reference.json

Needs NumPy, SciPy and statsmodels; some two minutes. Boundaries are solved on a dense grid by
Simpson's rule, then checked by two other methods: rectangle probabilities of the multivariate normal
(Genz) and a simulation. It fails where these differ, or where a published table says otherwise.
"""

import json
import platform
import sys

import numpy as np
import scipy
import statsmodels
from scipy import optimize, stats
from statsmodels.stats import multitest, proportion

norm = stats.norm
POINTS = 1601
PATHS = 2_000_000


def spent(alpha, time):
    return 4 * norm.sf(norm.isf(alpha / 4) / np.sqrt(time))


class Undecided:
    """The density of the standardised score of those who crossed nothing yet."""

    def __init__(self, drift=0.0):
        self.points, self.mass, self.info, self.drift = np.zeros(1), np.ones(1), 0.0, drift

    def crossing(self, bound, info):
        centre = self.points + self.drift * (info - self.info)
        step = np.sqrt(info - self.info)
        limit = bound * np.sqrt(info)
        tails = norm.sf((limit - centre) / step) + norm.cdf((-limit - centre) / step)
        return float(self.mass @ tails)

    def move(self, bound, info):
        limit = min(bound, 14) * np.sqrt(info)
        points = np.linspace(-limit, limit, POINTS)
        weight = np.full(POINTS, 2.0)
        weight[1::2], weight[0], weight[-1] = 4, 1, 1
        weight *= (points[1] - points[0]) / 3
        centre = self.points + self.drift * (info - self.info)
        density = norm.pdf(points[:, None], centre[None, :], np.sqrt(info - self.info)) @ self.mass
        self.points, self.mass, self.info = points, weight * density, info


def boundaries(alpha, times, information):
    info = np.asarray(information, float) / information[-1]
    state, before, bounds = Undecided(), 0.0, []
    for time, at in zip(times, info):
        wanted = spent(alpha, time) - before
        before += wanted
        bounds.append(
            optimize.brentq(lambda b: state.crossing(b, at) - wanted, 0, 38, xtol=1e-12))
        state.move(bounds[-1], at)
    return bounds


def crossing(bounds, information, drift=0.0):
    info = np.asarray(information, float) / information[-1]
    state, total = Undecided(drift), 0.0
    for bound, at in zip(bounds, info):
        total += state.crossing(bound, at)
        state.move(bound, at)
    return total


def drift_for(power, bounds, information):
    return optimize.brentq(
        lambda drift: crossing(bounds, information, drift) - power, 0, 12, xtol=1e-10)


def genz(bounds, information, drift=0.0):
    info = np.asarray(information, float) / information[-1]
    cov = np.sqrt(np.minimum.outer(info, info) / np.maximum.outer(info, info))
    return 1 - stats.multivariate_normal(
        mean=drift * np.sqrt(info), cov=cov, maxpts=4_000_000, abseps=1e-8, releps=0, seed=1
    ).cdf(np.asarray(bounds), lower_limit=-np.asarray(bounds))


def simulated(bounds, information, drift=0.0):
    info = np.asarray(information, float) / information[-1]
    random = np.random.default_rng(20261128)
    score, crossed, before = np.zeros(PATHS), np.zeros(PATHS, bool), 0.0
    for bound, at in zip(bounds, info):
        score += random.normal(drift * (at - before), np.sqrt(at - before), PATHS)
        crossed |= np.abs(score) >= bound * np.sqrt(at)
        before = at
    return float(crossed.mean())


def checked(bounds, information, drift=0.0):
    """The probability to cross, by three methods that must agree."""
    value = crossing(bounds, information, drift)
    other = genz(bounds, information, drift)
    chance = simulated(bounds, information, drift)
    error = np.sqrt(value * (1 - value) / PATHS)
    assert abs(value - other) < 2e-6, (bounds, information, value, other)
    assert abs(value - chance) < 4 * error, (bounds, information, value, chance)
    return {"crossing": value, "genz": other, "simulated": chance, "simulated_error": error}


def evenly(looks):
    return [look / looks for look in range(1, looks + 1)]


FIFTHS = evenly(5)
PLANS = [(0.05, evenly(looks), evenly(looks)) for looks in range(1, 6)] + [
    (0.01, FIFTHS, FIFTHS),
    (0.2, FIFTHS, FIFTHS),
    (0.05 / 7, evenly(3), evenly(3)),
    (0.0125, evenly(2), evenly(2)),
    # Alpha is spent by time; information comes early, late, or both unevenly.
    (0.05, [0.3, 0.6, 1], [600, 900, 1000]),
    (0.05, FIFTHS, [0.5, 0.75, 0.87, 0.95, 1]),
    (0.05, FIFTHS, [0.06, 0.13, 0.25, 0.5, 1]),
    (0.05, [0.1, 0.9, 1], [0.1, 0.9, 1]),
    (0.05, [0.5, 0.55, 1], [0.2, 0.6, 1]),
    # So far: the last of these looks is not the last one planned.
    (0.05, [0.25, 0.5], [100, 300]),
    (0.05, [0.2, 0.4, 0.6], [150, 420, 500]),
]


def sequential():
    cases = []
    for alpha, times, information in PLANS:
        bounds = boundaries(alpha, times, information)
        cases.append({"alpha": alpha, "times": times, "information": information,
                      "boundaries": bounds, **checked(bounds, information)})
    return cases


def powers():
    cases = []
    for looks, drift in [(1, 2.8), (2, 3.0), (3, 2.0), (5, 1.0), (5, 2.84), (5, 4.0)]:
        bounds = boundaries(0.05, evenly(looks), evenly(looks))
        cases.append({"looks": looks, "drift": drift, "boundaries": bounds,
                      **checked(bounds, evenly(looks), drift)})
    return cases


def p_values():
    cases = []
    for z, times, information in [
            (2.5, [1], [1]), (2.2, FIFTHS, FIFTHS), (-3.0, [0.2, 0.4, 0.6], [0.2, 0.4, 0.6]),
            (3.4, [0.2, 0.4], [150, 420]), (1.0, [0.5, 1], [0.5, 1]), (4.5, evenly(3), [5, 9, 10]),
            (2.05, [0.3, 0.6, 1], [600, 900, 1000])]:
        p = optimize.brentq(
            lambda log: boundaries(np.exp(log), times, information)[-1] - abs(z),
            np.log(1e-10), np.log(0.9), xtol=1e-9)
        cases.append({"z": z, "times": times, "information": information, "p": float(np.exp(p))})
    return cases


# Jennison & Turnbull (2000), tables 2.3 and 2.4, as printed there.
CLASSICAL = {(2, 0.05): 1.977, (3, 0.05): 2.004, (4, 0.05): 2.024, (5, 0.05): 2.040,
             (2, 0.01): 2.580, (3, 0.01): 2.595, (4, 0.01): 2.609, (5, 0.01): 2.621}
INFLATION = {(2, 0.8): 1.008, (3, 0.8): 1.017, (4, 0.8): 1.024, (5, 0.8): 1.028,
             (2, 0.9): 1.007, (3, 0.9): 1.016, (4, 0.9): 1.022, (5, 0.9): 1.026}


def classical():
    cases = []
    for (looks, alpha), printed in CLASSICAL.items():
        roots = np.sqrt(looks / np.arange(1, looks + 1))
        constant = optimize.brentq(
            lambda c: crossing(c * roots, evenly(looks)) - alpha, 1.5, 4, xtol=1e-11)
        assert abs(constant - printed) < 0.00051, (looks, alpha, constant)
        case = {"looks": looks, "alpha": alpha, "constant": constant, "printed": printed}
        for power in (0.8, 0.9):
            drift = drift_for(power, constant * roots, evenly(looks))
            factor = (drift / (norm.isf(alpha / 2) + norm.ppf(power))) ** 2
            if alpha == 0.05:
                assert abs(factor - INFLATION[looks, power]) < 0.00051, (looks, power, factor)
            case["inflation_%d" % (100 * power)] = factor
        cases.append(case)
    return cases


def proportions():
    # The first eight are those of Newcombe (1998), table II.
    printed = [(0.0524, 0.3339), (0.1705, 0.8090), (0.0582, 0.8062), (-0.0381, 0.1926),
               (-0.1611, 0.2775), (-0.2775, 0.2775), (0.6791, 1.0), (0.6075, 1.0)]
    cases = []
    for at, (x1, n1, x2, n2, level) in enumerate([
            (48, 80, 56, 70, .95), (3, 10, 9, 10, .95), (2, 7, 6, 7, .95), (0, 29, 5, 56, .95),
            (0, 20, 0, 10, .95), (0, 10, 0, 10, .95), (0, 20, 10, 10, .95), (0, 10, 10, 10, .95),
            (500, 10_000, 580, 10_000, .95), (500, 10_000, 580, 10_000, .999),
            (12, 900, 31, 1_800, .99), (40_000, 400_000, 10_300, 100_000, .95),
            (3, 2_000, 0, 2_000, .95)]):
        low, high = proportion.confint_proportions_2indep(
            x2, n2, x1, n1, method="newcomb", compare="diff", alpha=1 - level)
        if at < len(printed):
            assert np.allclose((low, high), printed[at], rtol=0, atol=0.00006), (at, low, high)
        case = {"control": [x1, n1], "other": [x2, n2], "level": level, "low": low, "high": high}
        if 0 < x1 + x2 < n1 + n2:
            z, p = proportion.proportions_ztest([x2, x1], [n2, n1])
            chi = stats.chi2_contingency([[x1, n1 - x1], [x2, n2 - x2]], correction=False)
            assert np.isclose(z * z, chi.statistic) and np.isclose(p, chi.pvalue)
            case |= {"z": z, "p": p}
        cases.append(case)
    return cases


def welch():
    random = np.random.default_rng(7)
    samples = [
        ([0, 0, 12.5, 0, 3.2, 0, 0, 40, 0, 7.5], [0, 18, 0, 22.25, 9.9, 0, 31, 5]),
        ([1, 2, 3, 4, 5, 6], [1.5, 2.5, 9]),
        ([float(v) for v in np.round(random.gamma(2, 5, 40), 2)],
         [float(v) for v in np.round(random.gamma(2, 8, 25), 2)]),
    ]
    cases = []
    for control, other in samples:
        found = stats.ttest_ind(other, control, equal_var=False)
        interval = found.confidence_interval(0.95)
        wide = found.confidence_interval(0.999)
        cases.append({
            "control": control, "other": other, "t": found.statistic, "df": found.df,
            "p": found.pvalue, "z": float(np.copysign(norm.isf(found.pvalue / 2), found.statistic)),
            "low": interval.low, "high": interval.high,
            "low_999": wide.low, "high_999": wide.high})
    return cases


def holm():
    return [{"p": p, "adjusted": list(multitest.multipletests(p, method="holm")[1])} for p in [
        [0.03, 0.01, 0.04, 0.02], [0.7, 0.9], [0.0001], [0.02, 0.02, 0.5],
        [0.001, 0.2, 0.013, 0.04, 0.04, 0.6, 0.0071]]]


def sizes():
    cases = []
    for observed, shares in [
            ([10_200, 9_800], [50, 50]), ([5_000, 5_200, 9_600], [5, 5, 10]), ([98, 117], [10, 10]),
            ([20_100, 29_900, 50_000, 9_700], [20, 30, 50, 10]), ([3_000, 3_300], [1, 1])]:
        expected = sum(observed) * np.array(shares) / sum(shares)
        found = stats.chisquare(observed, expected)
        cases.append({"observed": observed, "shares": shares,
                      "chi_square": found.statistic, "p": found.pvalue})
    return cases


def simulated_power(per_group, baseline, rate, times, bounds, tests=200_000):
    """Tests with recipients: binomial counts, the pooled z at every look."""
    random = np.random.default_rng(99)
    first, second = np.zeros(tests), np.zeros(tests)
    found, before = np.zeros(tests, bool), 0
    for time, bound in zip(times, bounds):
        until = round(per_group * time)
        first += random.binomial(until - before, baseline, tests)
        second += random.binomial(until - before, rate, tests)
        before = until
        pooled = (first + second) / (2 * until)
        error = np.sqrt(pooled * (1 - pooled) * 2 / until)
        found |= np.abs(second - first) / until >= bound * np.where(error > 0, error, np.inf)
    return float(found.mean())


def sample_sizes():
    cases = []
    for alpha, looks, power, baseline, rate in [
            (0.05, 1, 0.9, 0.5, 0.75), (0.05, 1, 0.8, 0.05, 0.06), (0.05, 5, 0.8, 0.05, 0.06),
            (0.025, 4, 0.85, 0.1, 0.12), (0.01, 3, 0.9, 0.02, 0.015), (0.05, 2, 0.8, 0.3, 0.33)]:
        times = evenly(looks)
        bounds = boundaries(alpha, times, times)
        fixed = proportion.samplesize_proportions_2indep_onetail(
            rate - baseline, baseline, power, ratio=1, alpha=alpha, alternative="two-sided")
        drift = drift_for(power, bounds, times)
        inflation = (drift / (norm.isf(alpha / 2) + norm.ppf(power))) ** 2
        per_group = int(np.ceil(fixed * inflation))
        error = 4 * np.sqrt(power * (1 - power) / 200_000)
        chance = simulated_power(per_group, baseline, rate, times, bounds)
        # The formulas are of the normal distribution, counts of a few hundred are not quite.
        assert abs(chance - power) < error + 0.01, (alpha, looks, baseline, rate, chance)
        cases.append({
            "alpha": alpha, "looks": looks, "power": power, "baseline": baseline, "rate": rate,
            "fixed": fixed, "inflation": inflation, "per_group": per_group,
            "power_of_1000": power_of(1_000, alpha, looks, baseline, rate, bounds),
            "simulated_power": chance})
    return cases


def power_of(per_group, alpha, looks, baseline, rate, bounds):
    if looks == 1:
        return float(proportion.power_proportions_2indep(
            rate - baseline, baseline, per_group, alpha=alpha).power)
    mean = (baseline + rate) / 2
    null, other = np.sqrt(2 * mean * (1 - mean)), np.sqrt(
        baseline * (1 - baseline) + rate * (1 - rate))
    critical = norm.isf(alpha / 2)
    drift = critical + (np.sqrt(per_group) * abs(rate - baseline) - critical * null) / other
    return crossing(bounds, evenly(looks), drift)


def detectable():
    cases = []
    for alpha, per_group, baseline, power in [
            (0.05, 1_000, 0.05, 0.8), (0.05, 20_000, 0.02, 0.9), (0.0125, 500, 0.3, 0.8)]:
        effect = optimize.brentq(
            lambda d: proportion.power_proportions_2indep(
                d, baseline, per_group, alpha=alpha).power - power, 1e-5, 1 - baseline - 1e-5)
        cases.append({"alpha": alpha, "per_group": per_group, "baseline": baseline,
                      "power": power, "effect": effect})
    return cases


def time_for_information():
    """The size of boundaries that took time for information; what the record of decisions says."""
    bounds = boundaries(0.05, FIFTHS, FIFTHS)
    return {"early": checked(bounds, [r / (1 - 0.06 * r) for r in (0.5, 0.75, 0.87, 0.95, 1)]),
            "late": checked(bounds, [r / (1 - 0.06 * r) for r in (0.06, 0.13, 0.25, 0.5, 1)])}


print(json.dumps({
    "made_by": "Python %s, NumPy %s, SciPy %s, statsmodels %s" % (
        platform.python_version(), np.__version__, scipy.__version__, statsmodels.__version__),
    "command": "python3 statistics_reference.py > ../resources/statistics-reference.json",
    "sequential": sequential(), "power": powers(), "p_values": p_values(),
    "classical": classical(), "proportions": proportions(), "welch": welch(), "holm": holm(),
    "sizes": sizes(), "sample_sizes": sample_sizes(), "detectable": detectable(),
    "time_for_information": time_for_information(),
}, indent=1, default=float))
print("every method and every printed table agrees", file=sys.stderr)
