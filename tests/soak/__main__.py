"""Runs the long forms one after the other and prints their figures; ends with 1 if one does not hold."""

import argparse
import random
import sys

from tests.soak import care_clocks, care_kills, care_points, care_schedulers

TOUCHES, KILLS, RUNS, MEMBERS = 20_000, 100, 50, 500
GREETED, REDEEMERS, ACCOUNTS, EXPIRY_KILLS = 3_000, 100, 1_000_000, 10


def main() -> int:
    """Return the exit code."""
    parser = argparse.ArgumentParser(prog="soak", description="The long forms of the reliability figures.")
    parser.add_argument("--only", choices=["schedulers", "clocks", "redemptions", "expiry", "kills"], help="a part")
    parser.add_argument("--touches", type=int, default=TOUCHES, help="touches to send under kills")
    parser.add_argument("--kills", type=int, default=KILLS, help="processes to kill")
    parser.add_argument("--runs", type=int, default=RUNS, help="starts of two schedulers")
    parser.add_argument("--members", type=int, default=GREETED, help="members in each case of clocks")
    parser.add_argument("--accounts", type=int, default=ACCOUNTS, help="accounts whose points end")
    parser.add_argument("--seed", type=int, default=random.randrange(10_000), help="which kills, when")
    options = parser.parse_args()
    holds = True
    if options.only in {None, "schedulers"}:
        holds &= care_schedulers.run(members=MEMBERS, runs=options.runs)
    if options.only in {None, "clocks"}:
        holds &= care_clocks.run(members=options.members)
    if options.only in {None, "redemptions"}:
        holds &= care_points.redeem(members=REDEEMERS)
    if options.only in {None, "expiry"}:
        holds &= care_points.expire(accounts=options.accounts, kills=EXPIRY_KILLS, seed=options.seed)
    if options.only in {None, "kills"}:
        holds &= care_kills.run(touches=options.touches, kills=options.kills, seed=options.seed)
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
