"""People who are known by their telephone number: how one is found again, and what stands for an address."""

import re

# Fewer digits fit too many numbers to be one.
SHORTEST = 4
# The part in which two ways of writing a number agree, with the country's code or without it.
_ENDING = 9
_PLACEHOLDER = re.compile(r"\A(caller-[0-9]{4,20}@phone|desk-[0-9]{1,18}@problems)\.invalid\Z")


def ending_of(digits: str) -> str:
    """Return the end of a number by which a caller is found, however its beginning was written."""
    return digits.lstrip("0")[-_ENDING:]


def placeholder_address(digits: str) -> str:
    """Return what stands where an address has to be, for a caller who gave none. No mail ever goes there: names that
    end in `invalid` exist nowhere."""
    return f"caller-{digits}@phone.invalid"


def desk_address(desk_id: int) -> str:
    """Return what stands where an address has to be for what a desk opens by itself, without any customer."""
    return f"desk-{desk_id}@problems.invalid"


def is_placeholder(address: str) -> bool:
    """Whether an address only stands for somebody without one."""
    return bool(_PLACEHOLDER.match(address))
