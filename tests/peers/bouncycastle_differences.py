"""The classes of fuzz/differences.md for Bouncy Castle, each as the condition under which it applies."""

import collections
import re

import ber_reader

Ours = collections.namedtuple("Ours", "encoding oddities verdict reason")
Theirs = collections.namedtuple("Theirs", "encoding verdict reason")
UNEXPLAINED = "unexplained"
CONSTRUCTED = 0x20
EXTERNAL = 8
# REAL, EMBEDDED PDV, TIME, one that is reserved, CHARACTER STRING; and all from DATE on.
UNIVERSAL_TAGS_IT_LACKS = (9, 11, 14, 15, 29)
DATE = 31
CMC_CONTENT = bytes.fromhex("2b06010505070c")  # id-cct without its last arc

OUR_REFUSALS = (  # of octets that Bouncy Castle takes: the code, the class
    ("limit_exceeded ", "limits"),
    ("bad_oid ", "oid"),
)
THEIR_REFUSALS = (  # of values that we take: what Bouncy Castle says, the class
    (r"version number not recognised|version \d certificate (cannot contain ext|contains extra)", "version"),
    (r"repeated extension found", "extension-twice"),
    (r"authAttrs must be present", "auth-attrs"),
    (r"unknown object in getInstance\(\): \S+\.ASN1Integer", "numbers"),
    (r"sequence size for CertificationRequestInfo", "attributes"),
    (r"Invalid UTF-8 input|malformed BMPString", "text"),
    (r"RDN\.getFirst\(\)\" is null", "empty-rdn"),
    (r"ContentInfo\.getContent\(\)\" is null", "no-content"),
)
NO_CONSTRUCTED_STRING = r"unknown (tag \d+|BER object|DL object)( encountered|$)|\.BERBitString cannot be cast"


def compare(octets, our, their):
    """(what they disagree about, class) of each disagreement."""
    encoding = "BER" if our.encoding == "DER" and our.oddities else our.encoding
    if encoding != their.encoding:
        yield "encoding", encoding_class(octets, our, their)
    if "refused" not in (our.encoding, their.encoding) and our.verdict != their.verdict:
        yield "type", our_refusal(our) if our.verdict == "refused" else their_refusal(octets, our, their)


def encoding_class(octets, our, their):
    if our.encoding == "refused":
        return first_of(OUR_REFUSALS, our.reason, str.startswith)
    if their.encoding == "refused":
        if our.encoding == "BER" and re.search(NO_CONSTRUCTED_STRING, their.reason):
            return "constructed"
        if our.encoding == "DER" and is_tag_it_lacks(their.reason):
            return "external"
        if re.search("corrupted stream|malformed BMPString|Time string too short|illegal characters in", their.reason):
            nodes = list(ber_reader.read(octets).walk())
            if any(map(is_broken_text, nodes)):
                return "text"
            return "external" if any(node.is_universal(EXTERNAL) for node in nodes) else UNEXPLAINED
    elif their.encoding == "DER":
        return "types" if our.encoding == "DER" else UNEXPLAINED
    elif our.encoding == "DER":
        nodes = list(ber_reader.read(octets).walk())
        if any(map(is_sorted_otherwise, nodes)):
            return "signed-octets"
        if any(map(is_time_of_ber, nodes)):
            return "time"
    return UNEXPLAINED


def is_tag_it_lacks(reason):
    tag = re.search(r"unknown tag (\d+) encountered", reason)
    return tag is not None and (int(tag[1]) in UNIVERSAL_TAGS_IT_LACKS or int(tag[1]) >= DATE)


def our_refusal(our):
    name = first_of(OUR_REFUSALS, our.reason, str.startswith)
    return "unread" if name == UNEXPLAINED else name


def their_refusal(octets, our, their):
    if "in constructed form" in our.oddities and re.search(NO_CONSTRUCTED_STRING, their.reason):
        return "constructed"
    if "unused bits that are not 0" in our.oddities and "DLBitString cannot be cast" in their.reason:
        return "unused-bits"
    if "corrupted stream detected" in their.reason and any(map(is_broken_text, nodes_inside(octets))):
        return "text"
    if "object in getInstance: " in their.reason:
        nodes = list(ber_reader.read(octets).walk())
        if any(map(has_strange_certificate, nodes)):
            return "choice"
        if any(map(is_bare_content, nodes)):
            return "econtent"
    return first_of(THEIR_REFUSALS, their.reason, lambda text, pattern: re.search(pattern, text))


def first_of(table, text, holds):
    return next((name for pattern, name in table if holds(text, pattern)), UNEXPLAINED)


def is_broken_text(node):
    """Whether Bouncy Castle finds no year in a time, or half a character in a string."""
    if node.constructed or node.tag_class != ber_reader.UNIVERSAL:
        return False
    if node.number in (ber_reader.UTC_TIME, ber_reader.GENERALIZED_TIME):
        digits = 2 if node.number == ber_reader.UTC_TIME else 4
        return not re.match(rb"[0-9]{%d}" % digits, node.content)
    return node.number == ber_reader.BMP_STRING and len(node.content) % 2 == 1


def nodes_inside(octets):
    """The nodes of what stands in OCTET STRINGs, at any depth."""
    for node in ber_reader.read(octets).walk():
        if node.is_universal(ber_reader.OCTET_STRING) and not node.constructed:
            try:
                yield from ber_reader.read(node.content).walk()
                yield from nodes_inside(node.content)
            except ber_reader.BerError:
                continue


def is_sorted_otherwise(node):
    """Whether the order is another one for Bouncy Castle, which takes the first octet of a tag as signed."""
    return node.is_universal(ber_reader.SET) and not in_order(node, lambda octet: octet - 256 if octet > 127 else octet)


def in_order(node, of_tag):
    keys = [(of_tag(child.encoded[0] & ~CONSTRUCTED), child.encoded) for child in node.children]
    return keys == sorted(keys)


def has_strange_certificate(node):
    """Whether certificates or crls of a SignedData has an element that neither is a SEQUENCE nor has a tag."""
    def fits(element):
        return element.is_universal(ber_reader.SEQUENCE) or element.tag_class == ber_reader.CONTEXT

    if [child.number for child in node.children[:3]] != [ber_reader.INTEGER, ber_reader.SET, ber_reader.SEQUENCE]:
        return False
    lists = [child for child in node.children[3:] if child.tag_class == ber_reader.CONTEXT]
    return not all(fits(element) for each in lists for element in each.children)


def is_bare_content(node):
    """Whether an EncapsulatedContentInfo of CMC has its content without an OCTET STRING around it."""
    if len(node.children) != 2 or not node.children[0].content.startswith(CMC_CONTENT):
        return False
    return any(child.is_universal(ber_reader.SEQUENCE) for child in node.children[1].children)


def is_time_of_ber(node):
    return (node.is_universal(ber_reader.GENERALIZED_TIME)
            and not re.fullmatch(rb"[0-9]{14}(\.[0-9]*[1-9])?Z", node.content))
