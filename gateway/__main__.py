"""`python -m gateway` serves; `python -m gateway token|schema` prints a sign-in token or the schema."""

import argparse
import sys

from gateway.config import Settings, mistakes
from services.chassis import config, logs, metrics


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m gateway", description=__doc__)
    commands = parser.add_subparsers(dest="command")
    token = commands.add_parser("token", help="print a token of the built-in issuer (development only)")
    token.add_argument("--role", action="append", required=True, help="a role; may be repeated")
    token.add_argument("--subject", required=True, help="who signs in")
    commands.add_parser("schema", help="print the schema")
    arguments = parser.parse_args()
    if arguments.command == "token":
        print_token(arguments.subject, arguments.role)
    elif arguments.command == "schema":
        from gateway.graphql.schema import sdl

        sys.stdout.write(sdl())
    else:
        run()


def run() -> None:
    settings = config.load(Settings)
    if found := mistakes(settings):
        config.refuse(found)
    logs.setup("gateway", "http", level=settings.log_level)
    metrics.serve(settings.metrics_address)

    from gateway.app import build
    from gateway.server import serve

    try:
        app = build(settings)
    except ValueError as error:
        config.refuse([str(error)])
    serve(app, settings.gateway_address)


def print_token(subject: str, roles: list[str]) -> None:
    from gateway.config import TokenSettings
    from gateway.signin import ROLES, DevIssuer
    from services.chassis.clock import SystemClock

    settings = config.load(TokenSettings)
    if settings.env != "development":
        config.refuse(["ENV is production: tokens of the built-in issuer are for development only"])
    if settings.dev_issuer_key_file is None or not settings.dev_issuer_key_file.is_file():
        config.refuse(["DEV_ISSUER_KEY_FILE must name the key file of the built-in issuer; `make run` makes one"])
    wanted = [role for each in roles for role in each.split(",")]
    if unknown := sorted(set(wanted) - ROLES):
        config.refuse([f"--role {', '.join(unknown)}: there is no such role; choose from {', '.join(sorted(ROLES))}"])
    try:
        issuer = DevIssuer(settings.dev_issuer_key_file.read_bytes())
    except ValueError as error:
        config.refuse([f"DEV_ISSUER_KEY_FILE: {error}"])
    print(issuer.issue(subject=subject, roles=wanted, now=SystemClock().now()))


if __name__ == "__main__":
    main()
