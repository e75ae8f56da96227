"""How members can be reached: e-mail addresses and phone numbers in the one form that is stored."""

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from services.chassis.errors import InvalidField

HOME_REGION = "CN"  # whose dialling rules a number without a country code follows


def email_address(value: str, field: str = "email") -> str:
    """Return the address with its domain in lower-case ASCII, or the empty string for none.

    Whether the domain receives mail is not asked: that would make an import wait for name servers.
    """
    if not value.strip():
        return ""
    try:
        checked = validate_email(value.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise InvalidField(field, f"This is no e-mail address: {error}") from error
    return checked.ascii_email or checked.normalized


def phone_number(value: str, field: str = "phone") -> str:
    """Return the number in E.164, or the empty string for none; without a country code it is Chinese."""
    if not value.strip():
        return ""
    try:
        number = phonenumbers.parse(value, HOME_REGION)
    except phonenumbers.NumberParseException as error:
        raise InvalidField(field, "This is no phone number. Write it as +86 138 0013 8000.") from error
    if not phonenumbers.is_valid_number(number) or number.extension:
        raise InvalidField(field, "There is no such phone number. Write it as +86 138 0013 8000.")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
