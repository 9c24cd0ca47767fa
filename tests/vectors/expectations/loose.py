"""Comparison that looks at the meaning: names, hex, numbers and times in any of their usual spellings."""

import re

import ber_reader as ber
import names

TYPE_ALIASES = {
    "E": "1.2.840.113549.1.9.1", "EMAILADDRESS": "1.2.840.113549.1.9.1", "EMAIL": "1.2.840.113549.1.9.1", "SERIALNUMBER": "2.5.4.5",
    "T": "2.5.4.12", "TITLE": "2.5.4.12", "SURNAME": "2.5.4.4", "SN": "2.5.4.4", "GIVENNAME": "2.5.4.42", "GN": "2.5.4.42",
    "ORGANIZATIONIDENTIFIER": "2.5.4.97", "S": "2.5.4.8", "STREETADDRESS": "2.5.4.9", "DNQUALIFIER": "2.5.4.46",
}
TYPE_ALIASES.update({short: oid for oid, short in names.ATTRIBUTE_TYPES.items()})


def _unescaped(text):
    octets, at = b"", 0
    while at < len(text):
        if text[at] == "\\" and re.match(r"[0-9A-Fa-f]{2}", text[at + 1:at + 3]):
            octets += bytes.fromhex(text[at + 1:at + 3])
            at += 3
        else:
            at += text[at] == "\\"
            octets += text[at:at + 1].encode()
            at += 1
    return octets.decode("utf-8", "replace")


def _value(text):
    if re.fullmatch(r"#([0-9A-Fa-f]{2})+", text):
        try:
            decoded = names.text_of(ber.read(bytes.fromhex(text[1:])))
        except ber.BerError:
            decoded = None
        return text.lower() if decoded is None else decoded
    return _unescaped(text)


def _split(text, separator):
    return [part.strip() for part in re.split(r"(?<!\\)" + re.escape(separator), text)]


def name_key(text):
    """A distinguished name as a tuple of RDNs, or None when the text is no such thing."""
    rdns = []
    for rdn in _split(text, ","):
        parts = [part.partition("=") for part in _split(rdn, "+")]
        if not all(kind and equals for kind, equals, _ in parts):
            return None
        rdns.append(frozenset((TYPE_ALIASES.get(kind.upper().replace("OID.", ""), kind), _value(value)) for kind, _, value in parts))
    return tuple(rdns)


def same_name(one, other):
    """Equal names; the order of the RDNs may be turned around."""
    if one == other:
        return True
    first, second = name_key(one), name_key(other)
    return first is not None and second is not None and (first == second or first == second[::-1])


def _plain(value):
    return str(value).lower().replace("id-", "").replace("-", "").replace("_", "")


def _hex(value):
    return re.sub(r"[:\s]", "", str(value)).lower().removeprefix("0x").strip("'h")


def _digits(value):
    return re.sub(r"[-:TZ\s.]", "", str(value))


def same_number(one, other):
    def number(value):
        if isinstance(value, int):
            return value
        text = str(value).strip()
        return int(text, 16) if text.lower().startswith("0x") else int(text)
    try:
        return number(one) == number(other)
    except ValueError:
        return False


def same_scalar(one, other):
    if str(one) == str(other) or same_number(one, other):
        return True
    if isinstance(one, (bool, int)) or isinstance(other, (bool, int)):
        return False
    if _plain(one) == _plain(other) or _hex(one) == _hex(other):
        return True
    if re.fullmatch(r"\d{14}Z?", str(one)) and _digits(one) == _digits(other)[:14]:
        return True
    algorithm = names.ALGORITHMS.get(str(one).lower())
    if algorithm and algorithm == names.ALGORITHMS.get(str(other).lower(), other):
        return True
    try:
        if bytes.fromhex(_hex(other)) == str(one).encode():
            return True
    except ValueError:
        pass
    return "=" in str(one) and same_name(str(one), str(other))


def leaves(value):
    """All scalars of a JSON value, object member names left out."""
    if isinstance(value, dict):
        for member in value.values():
            yield from leaves(member)
    elif isinstance(value, list):
        for member in value:
            yield from leaves(member)
    elif value is not None:
        yield value


def secret_sizes(actual):
    """Sizes of what is held back: {"secret": true, "octets": 7}."""
    if isinstance(actual, dict):
        if actual.get("secret") is True:
            yield actual["octets"]
        for value in actual.values():
            yield from secret_sizes(value)
    elif isinstance(actual, list):
        for value in actual:
            yield from secret_sizes(value)


def is_hex_of(leaf, sizes):
    return isinstance(leaf, str) and re.fullmatch(r"([0-9a-f]{2})+", leaf) is not None and len(leaf) // 2 in sizes


def holds(wanted, actual):
    """The scalars of wanted that the JSON value actual does not hold."""
    seen = list(leaves(actual))
    secrets = list(secret_sizes(actual))
    wanted = [leaf for leaf in leaves(wanted) if not (secrets and is_hex_of(leaf, secrets))]
    return [leaf for leaf in leaves(wanted) if not any(same_scalar(leaf, other) for other in seen)]
