"""A small BER reader, independent of the codec under test.

read(data) gives one Node for the first element; a Node knows its offset,
tag, children and whether it left DER (indefinite length, constructed string).
"""

UNIVERSAL, APPLICATION, CONTEXT, PRIVATE = range(4)

BOOLEAN, INTEGER, BIT_STRING, OCTET_STRING, NULL, OID = 1, 2, 3, 4, 5, 6
ENUMERATED, UTF8_STRING, SEQUENCE, SET = 10, 12, 16, 17
PRINTABLE_STRING, T61_STRING, IA5_STRING = 19, 20, 22
UTC_TIME, GENERALIZED_TIME = 23, 24
UNIVERSAL_STRING, BMP_STRING = 28, 30
STRING_TAGS = {BIT_STRING, OCTET_STRING, UTF8_STRING, 18, 19, 20, 21, 22, 25, 26, 27, 28, 29, 30}

MAX_DEPTH = 64


class BerError(ValueError):
    pass


class Node:
    """One element of the encoding."""

    def __init__(self, data, offset, tag_class, constructed, number, content_at, content_end, end, indefinite, children):
        self.data, self.offset, self.end = data, offset, end
        self.tag_class, self.constructed, self.number = tag_class, constructed, number
        self.content_at, self.content_end = content_at, content_end
        self.indefinite, self.children = indefinite, children

    @property
    def content(self):
        return self.data[self.content_at:self.content_end]

    @property
    def encoded(self):
        return self.data[self.offset:self.end]

    def is_universal(self, number):
        return self.tag_class == UNIVERSAL and self.number == number

    def is_context(self, number):
        return self.tag_class == CONTEXT and self.number == number

    def octets(self):
        """Content of a string, with the segments of a constructed one joined."""
        if not self.constructed:
            return self.content
        return b"".join(child.octets() for child in self.children)

    def integer(self):
        if not self.content:
            raise BerError("empty INTEGER at %d" % self.offset)
        return int.from_bytes(self.content, "big", signed=True)

    def oid(self):
        arcs, value = [], 0
        for octet in self.content:
            value = value << 7 | octet & 0x7F
            if not octet & 0x80:
                arcs.append(value)
                value = 0
        if not arcs or self.content[-1] & 0x80:
            raise BerError("broken OBJECT IDENTIFIER at %d" % self.offset)
        first = min(arcs[0] // 40, 2)
        return ".".join(str(arc) for arc in [first, arcs[0] - 40 * first] + arcs[1:])

    def walk(self):
        yield self
        for child in self.children:
            yield from child.walk()


def _header(data, at, limit):
    if at + 2 > limit:
        raise BerError("element cut off at %d" % at)
    first = data[at]
    number, at = first & 0x1F, at + 1
    if number == 0x1F:
        number = 0
        while True:
            if at >= limit:
                raise BerError("tag cut off at %d" % at)
            number = number << 7 | data[at] & 0x7F
            at += 1
            if not data[at - 1] & 0x80:
                break
    if at >= limit:
        raise BerError("length cut off at %d" % at)
    length, at = data[at], at + 1
    if length == 0x80:
        return first, number, at, None
    if length & 0x80:
        count = length & 0x7F
        if at + count > limit:
            raise BerError("length cut off at %d" % at)
        length = int.from_bytes(data[at:at + count], "big")
        at += count
    if at + length > limit:
        raise BerError("element at %d ends %d octets behind its container" % (at, at + length - limit))
    return first, number, at, length


def _read(data, offset, limit, depth):
    if depth > MAX_DEPTH:
        raise BerError("nested too deep at %d" % offset)
    first, number, at, length = _header(data, offset, limit)
    tag_class, constructed = first >> 6, bool(first & 0x20)
    children, position = [], at
    if length is None:
        if not constructed:
            raise BerError("primitive with indefinite length at %d" % offset)
        while data[position:position + 2] != b"\0\0":
            children.append(_read(data, position, limit, depth + 1))
            position = children[-1].end
        return Node(data, offset, tag_class, True, number, at, position, position + 2, True, children)
    end = at + length
    while constructed and position < end:
        children.append(_read(data, position, end, depth + 1))
        position = children[-1].end
    return Node(data, offset, tag_class, constructed, number, at, end, end, False, children)


def read(data, whole=True):
    """The element at the start of data; with whole, nothing may follow it."""
    node = _read(data, 0, len(data), 0)
    if whole and node.end != len(data):
        raise BerError("%d octets after the element" % (len(data) - node.end))
    return node


def leaves_der(node):
    """Words for what is BER and not DER in the element and all it contains."""
    found = set()
    for part in node.walk():
        if part.indefinite:
            found.add("ber-indefinite")
        if part.constructed and part.tag_class == UNIVERSAL and part.number in STRING_TAGS:
            found.add("constructed-string")
    return found
