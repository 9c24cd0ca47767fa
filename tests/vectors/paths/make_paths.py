"""Writes paths.json: certificate paths, good and broken, with the checks that have to fail; and seeds.pem, some of them
as the path fuzzer takes them. Keys are new at each run.

    python3 make_paths.py
"""

import base64
import json
import pathlib
import sys

here = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(here.parents[1] / "support"))
from pki import *  # noqa: E402,F403

NOW = "2026-11-21"
CMC_CA, CMC_RA, SERVER_AUTH = "1.3.6.1.5.5.7.3.27", "1.3.6.1.5.5.7.3.28", "1.3.6.1.5.5.7.3.1"
ANY_USAGE, ANY_POLICY, POLICY, OTHER_POLICY = "2.5.29.37.0", "2.5.29.32.0", "1.3.6.1.4.1.99999.1", "1.3.6.1.4.1.99999.2"
UNKNOWN = "1.3.6.1.4.1.99999.77"
CA = (basic_constraints(), key_usage(CERT_SIGN, CRL_SIGN))
SIGNER = (key_usage(SIGNATURE),)

root_key, sub_key, leaf_key, other_key = ec_key(), ec_key(), ec_key(), ec_key()
certificates = {}
crls = {}
rows = []


def put(table, der):
    """The name under which an index entry finds these octets."""
    text = base64.b64encode(der).decode()
    for label, known in table.items():
        if known == text:
            return label
    label = f"{'crl' if table is crls else 'cert'}{len(table)}"
    table[label] = text
    return label


def row(label, leaf, anchors, pool=(), fails=(), unknown=(), at=NOW, purpose="any", lists=(), **limits):
    """`fails` and `unknown` name the checks with that verdict; none means a valid path."""
    entry = {
        "name": label,
        "leaf": put(certificates, leaf),
        "anchors": [put(certificates, one) for one in anchors],
        "pool": [put(certificates, one) for one in pool],
        "time": int(moment(at).timestamp()),
        "purpose": purpose,
        "fails": list(fails),
        "unknown": list(unknown),
    }
    if lists:
        entry["crls"] = [put(crls, one) for one in lists]
    if limits:
        entry["limits"] = limits
    rows.append(entry)


def ca(subject, key, issuer=None, issuer_key=None, *extensions, **options):
    """A CA certificate; self-signed without an issuer."""
    return certificate(subject, key, issuer or subject, issuer_key or key, *(extensions or CA), **options)


def end(*extensions, issuer="sub", issuer_key=sub_key, subject="leaf", key=leaf_key, **options):
    return certificate(subject, key, issuer, issuer_key, *(extensions or SIGNER), **options)


root = ca("root", root_key)
sub = ca("sub", sub_key, "root", root_key)
leaf = end()


def building():
    other = ca("other", other_key)
    row("root and leaf", end(issuer="root", issuer_key=root_key), [root])
    row("one CA between", leaf, [root], [sub])
    row("an intermediate that is trusted", leaf, [sub])
    row("the leaf is trusted itself", leaf, [leaf])
    old = end(until="2026-06-01")
    row("the leaf is trusted itself, and it is too old", old, [old], fails=["time"])
    row("no anchor is named", leaf, [], [sub, root], unknown=["path"])
    row("the root is in the bag only", leaf, [other], [sub, root], fails=["path"])
    row("the CA between is missing", leaf, [root], fails=["path"])
    false_root = ca("root", other_key)
    row("a root in the bag with the anchor's name and another key", end(issuer="root", issuer_key=other_key), [root], [false_root],
        fails=["path"])
    row("a leaf that calls itself as the anchor does", certificate("root", other_key, "root", other_key, *SIGNER), [root],
        fails=["path"])
    row("a leaf with the anchor's name, which the anchor issued", end(issuer="root", issuer_key=root_key, subject="root"), [root])
    a, b = ca("a", sub_key, "b", other_key), ca("b", other_key, "a", sub_key)
    row("a loop of two", end(issuer="a"), [root], [a, b], fails=["path"])
    row("a loop of two, and a way out", end(issuer="a"), [root], [a, b, ca("a", sub_key, "root", root_key)])
    twelve = [ca("sub", ec_key(), "root", root_key) for _ in range(11)]
    row("twelve issuers of one name", leaf, [root], [*twelve, sub])
    row("eleven issuers of one name and none is right", leaf, [root], twelve, fails=["path"])
    row("twelve issuers of one name, one signature too few", leaf, [root], [*twelve, sub], fails=["path"], path_signatures=12)
    row("twelve issuers of one name, just enough signatures", leaf, [root], [*twelve, sub], path_signatures=13)
    marked = end(key_usage(SIGNATURE), authority_key_identifier(b"right"))
    wrong = [ca("sub", ec_key(), "root", root_key, *CA, subject_key_identifier(b"%d" % i)) for i in range(11)]
    right = ca("sub", sub_key, "root", root_key, *CA, subject_key_identifier(b"right"))
    row("the key identifier says which of twelve", marked, [root], [*wrong, right], path_signatures=2)
    row("a wrong key identifier is a hint only", end(key_usage(SIGNATURE), authority_key_identifier(b"none")), [root], [right])
    cross = ca("sub", sub_key, "other", other_key)
    row("two certificates for one CA: the second has a trusted issuer", leaf, [root], [cross, sub])
    expired = ca("sub", sub_key, "root", root_key, until="2026-06-01")
    row("two certificates for one CA: the first is too old", leaf, [root], [expired, sub])
    bag = [ca(f"ca {i}", other_key, f"ca {i + 1}", other_key) for i in range(250)]
    row("256 certificates in the bag", leaf, [root], [*bag, sub])
    keys = [ec_key() for _ in range(9)]
    chain = [ca("ca 1", keys[1], "root", root_key)]
    chain += [ca(f"ca {i}", keys[i], f"ca {i - 1}", keys[i - 1]) for i in range(2, 8)]
    row("8 certificates in the path", end(issuer="ca 6", issuer_key=keys[6]), [root], chain)
    row("9 certificates in the path", end(issuer="ca 7", issuer_key=keys[7]), [root], chain, fails=["path"])
    row("9 certificates in the path, allowed", end(issuer="ca 7", issuer_key=keys[7]), [root], chain, path_certificates=9)


def times():
    def between(since="2026-01-01", until="2030-01-01"):
        return ca("sub", sub_key, "root", root_key, since=since, until=until)
    row("the leaf is too old", end(until="2026-11-20"), [root], [sub], fails=["time"])
    row("the leaf is not valid yet", end(since="2026-11-22"), [root], [sub], fails=["time"])
    row("the first second", end(since=NOW), [root], [sub])
    row("the last second", end(until=NOW), [root], [sub])
    row("a second too early", end(since="2026-11-21 00:00:01"), [root], [sub], fails=["time"])
    row("a second too late", end(until="2026-11-20 23:59:59"), [root], [sub], fails=["time"])
    row("the CA is too old", leaf, [root], [between(until="2026-11-20")], fails=["time"])
    row("the CA is not valid yet", leaf, [root], [between(since="2026-11-22")], fails=["time"])
    row("the anchor is too old", leaf, [ca("root", root_key, until="2026-11-20")], [sub], fails=["time"])
    row("the time is the one asked for", end(until="2026-06-01"), [root], [sub], at="2026-05-01")


def signatures():
    row("a changed signature", end(signature=sub_key.sign(b"something else")), [root], [sub], fails=["path"])
    row("an empty signature", end(signature=b""), [root], [sub], fails=["path"])
    row("a signature with unused bits", end(unused=1), [root], [sub], fails=["path"])
    row("two signature algorithms", end(outer=algorithm("1.2.840.10045.4.3.3")), [root], [sub], fails=["path"])
    row("the outer one has parameters", end(outer=algorithm("1.2.840.10045.4.3.2", NULL)), [root], [sub], fails=["path"])
    nothing = algorithm("1.3.6.1.5.5.7.6.2", NULL)
    row("id-alg-noSignature", end(inner=nothing, outer=nothing), [root], [sub], fails=["path"])
    rsa = rsa_key(2048)
    rsa_root = ca("rsa", rsa)
    row("RSA", end(issuer="rsa", issuer_key=rsa), [rsa_root])

    def digest(label, dotted, **expected):
        kind = algorithm(dotted, NULL)
        weak = Key.__new__(Key)
        weak.pem, weak.public, weak.digest, weak.signature = rsa.pem, rsa.public, label, kind
        row(f"{label} in the leaf's signature", end(issuer="rsa", issuer_key=weak), [rsa_root], **expected)
        return weak
    sha1 = digest("sha1", "1.2.840.113549.1.1.5", fails=["path"])
    digest("md5", "1.2.840.113549.1.1.4", fails=["path"])
    row("SHA-1 in the anchor's own signature", end(issuer="rsa", issuer_key=rsa), [ca("rsa", sha1)])
    row("SHA-1 in a CA's signature", leaf, [rsa_root], [ca("sub", sub_key, "rsa", sha1)], fails=["path"])
    small = rsa_key(512)
    row("RSA 512 in the leaf", end(key=small), [root], [sub], fails=["key strength"])
    row("RSA 512 in the CA", end(issuer="small", issuer_key=small), [root], [ca("small", small, "root", root_key)], fails=["path"])
    row("RSA 1024 in the leaf", end(key=rsa_key(1024)), [root], [sub], fails=["key strength"])
    row("RSA 1024 in the leaf, allowed", end(key=rsa_key(1024)), [root], [sub], rsa_bits_least=1024)


def usage():
    def between(*extensions, **options):
        return ca("sub", sub_key, "root", root_key, *extensions, **options)
    row("keyUsage without digitalSignature", end(key_usage(ENCIPHERMENT)), [root], [sub], purpose="signer", fails=["usage"])
    row("keyUsage without digitalSignature, any purpose", end(key_usage(ENCIPHERMENT)), [root], [sub])
    row("nonRepudiation signs, too", end(key_usage(NON_REPUDIATION)), [root], [sub], purpose="signer")
    row("no keyUsage allows everything", end(ext_key_usage(CMC_RA)), [root], [sub], purpose="signer")
    row("an RA", end(*SIGNER, ext_key_usage(CMC_RA)), [root], [sub], purpose="ra")
    row("no RA without extKeyUsage", end(), [root], [sub], purpose="ra", fails=["usage"])
    row("no RA for cmcCA", end(*SIGNER, ext_key_usage(CMC_CA)), [root], [sub], purpose="ra", fails=["usage"])
    row("no RA for anyExtendedKeyUsage", end(*SIGNER, ext_key_usage(ANY_USAGE)), [root], [sub], purpose="ra", fails=["usage"])
    row("a responder with cmcCA", end(*SIGNER, ext_key_usage(CMC_CA)), [root], [sub], purpose="responder")
    row("a responder that is a CA", between(basic_constraints(), key_usage(SIGNATURE, CERT_SIGN)), [root], purpose="responder")
    row("no responder", end(*SIGNER, ext_key_usage(SERVER_AUTH)), [root], [sub], purpose="responder", fails=["usage"])
    for_servers = between(*CA, ext_key_usage(SERVER_AUTH))
    row("an RA below a CA for servers", end(*SIGNER, ext_key_usage(CMC_RA)), [root], [for_servers], purpose="ra", fails=["usage"])
    row("a signer below a CA for servers", leaf, [root], [for_servers], purpose="signer")
    for text, allowed in (("cmcRA", CMC_RA), ("any usage", ANY_USAGE)):
        row(f"an RA below a CA for {text}", end(*SIGNER, ext_key_usage(CMC_RA)), [root], [between(*CA, ext_key_usage(allowed))],
            purpose="ra")

    row("issued by an end entity", leaf, [root], [between(key_usage(SIGNATURE))], fails=["usage"])
    row("issued by one whose cA is false", leaf, [root], [between(basic_constraints(False), key_usage(CERT_SIGN))], fails=["usage"])
    row("issued by a v1 certificate", leaf, [root], [certificate("sub", sub_key, "root", root_key, version=0)], fails=["usage"])
    row("a v1 root", end(issuer="root", issuer_key=root_key), [certificate("root", root_key, "root", root_key, version=0)])
    row("a v3 root without basicConstraints", end(issuer="root", issuer_key=root_key), [ca("root", root_key, None, None, *SIGNER)],
        fails=["usage"])
    row("a CA without keyCertSign", leaf, [root], [between(basic_constraints(), key_usage(SIGNATURE, CRL_SIGN))], fails=["usage"])
    row("basicConstraints that are not critical", leaf, [root], [between(basic_constraints(critical=False), key_usage(CERT_SIGN))])
    short = ca("root", root_key, None, None, basic_constraints(length=0), key_usage(CERT_SIGN))
    row("pathLen 0, an end entity below", end(issuer="root", issuer_key=root_key), [short])
    row("pathLen 0, a CA below", leaf, [short], [sub], fails=["usage"])
    row("pathLen 0, a CA at the end", sub, [short])
    row("pathLen 0, a self-issued CA below", end(issuer="root"), [short], [ca("root", sub_key, "root", root_key)])
    one = ca("root", root_key, None, None, basic_constraints(length=1), key_usage(CERT_SIGN))
    row("pathLen 1, one CA below", leaf, [one], [sub])
    third = ca("third", other_key, "sub", sub_key)
    row("pathLen 1, two CAs below", end(issuer="third", issuer_key=other_key), [one], [sub, third], fails=["usage"])


def extensions():
    row("an unknown critical extension in the leaf", end(*SIGNER, extension(UNKNOWN, NULL, True)), [root], [sub], fails=["extensions"])
    row("an unknown extension that is not critical", end(*SIGNER, extension(UNKNOWN, NULL)), [root], [sub])
    row("an unknown critical extension in the CA", leaf, [root],
        [ca("sub", sub_key, "root", root_key, *CA, extension(UNKNOWN, NULL, True))], fails=["extensions"])
    row("an extension twice", end(*SIGNER, ext_key_usage(CMC_RA), ext_key_usage(SERVER_AUTH)), [root], [sub], fails=["extensions"])
    row("basicConstraints twice in the CA", leaf, [root],
        [ca("sub", sub_key, "root", root_key, *CA, basic_constraints(False))], fails=["extensions"])
    row("extensions in a v1 certificate", end(*SIGNER, version=0), [root], [sub], fails=["extensions"])
    row("a keyUsage that does not decode", end(extension("2.5.29.15", NULL, True)), [root], [sub], purpose="signer", fails=["extensions"])
    row("policyConstraints below zero", leaf, [root], [ca("sub", sub_key, "root", root_key, *CA, policy_constraints(-1))],
        fails=["policies"])
    row("inhibitAnyPolicy below zero", leaf, [root], [ca("sub", sub_key, "root", root_key, *CA, inhibit_any_policy(-1))],
        fails=["policies"])


def constrained(permitted=(), excluded=()):
    return ca("sub", sub_key, "root", root_key, *CA, name_constraints(permitted, excluded))


def names():
    def case(label, good, permitted=(), excluded=(), san=(), subject="leaf", **options):
        extensions = [*SIGNER, *([alt_names(*san)] if san else [])]
        row(label, end(*extensions, subject=subject), [root], [constrained(permitted, excluded)], fails=[] if good else ["names"],
            **options)
    host = dns("example.com")
    case("dNSName: itself", True, [host], san=[host])
    case("dNSName: below", True, [host], san=[dns("a.b.example.com")])
    case("dNSName: in another case", True, [dns("EXAMPLE.com")], san=[dns("a.Example.COM")])
    case("dNSName: elsewhere", False, [host], san=[dns("example.org")])
    case("dNSName: ends alike", False, [host], san=[dns("badexample.com")])
    case("dNSName: one of two elsewhere", False, [host], san=[host, dns("example.org")])
    case("dNSName: excluded", False, (), [host], san=[dns("a.example.com")])
    case("dNSName: excluded in another case", False, (), [host], san=[dns("A.EXAMPLE.COM")])
    case("dNSName: excluded, with a dot at its end", False, (), [host], san=[dns("a.example.com.")])
    case("dNSName: beside what is excluded", True, (), [host], san=[dns("example.org")])
    case("dNSName: a wildcard over what is excluded", False, (), [dns("a.example.com")], san=[dns("*.example.com")])
    case("dNSName: a NUL inside", False, (), [host], san=[dns("a.example.com\0.org")])
    case("dNSName: everything excluded", False, (), [dns("")], san=[dns("a.org")])
    case("dNSName: a constraint with a dot, itself", False, [dns(".example.com")], san=[host])
    case("dNSName: a constraint with a dot, below", True, [dns(".example.com")], san=[dns("a.example.com")])
    case("dNSName: no name of that kind", True, [host])
    case("dNSName: the common name is none", True, [host], subject="example.org")
    at_host = mailbox("example.com")
    case("rfc822Name: at the host", True, [at_host], san=[mailbox("a@Example.com")])
    case("rfc822Name: at a host below", False, [at_host], san=[mailbox("a@b.example.com")])
    case("rfc822Name: below a domain", True, [mailbox(".example.com")], san=[mailbox("a@b.example.com")])
    case("rfc822Name: this mailbox", True, [mailbox("a@example.com")], san=[mailbox("a@EXAMPLE.com")])
    case("rfc822Name: the mailbox in another case is another one", False, [mailbox("a@example.com")], san=[mailbox("A@example.com")])
    case("rfc822Name: excluded in another case", False, (), [mailbox("a@example.com")], san=[mailbox("A@example.com")])
    case("rfc822Name: two at signs", False, (), [at_host], san=[mailbox("a@x@example.com")])
    case("rfc822Name: no at sign", False, (), [at_host], san=[mailbox("example.com")])
    person = name("leaf", (EMAIL, ia5("a@example.com")))
    case("emailAddress in the subject", True, [at_host], subject=person)
    case("emailAddress in the subject, excluded", False, (), [at_host], subject=person)
    wide = tlv(0x1E, "a@example.com".encode("utf-16-be"))
    case("emailAddress in 16 bits, excluded", False, (), [at_host], subject=name("leaf", (EMAIL, wide)))
    case("URI: at the host", True, [uri("example.com")], san=[uri("https://example.com:8080/x")])
    case("URI: a user before the host", False, [uri("example.com")], san=[uri("https://example.com@example.org/")])
    case("URI: excluded, below", False, (), [uri(".example.com")], san=[uri("HTTPS://A.EXAMPLE.COM/")])
    case("URI: excluded, an address", False, (), [uri("example.com")], san=[uri("https://192.0.2.1/")])
    case("URI: excluded, without a host", False, (), [uri("example.com")], san=[uri("urn:x")])
    case("URI: the host stands in the path", False, [uri("example.com")], san=[uri("urn:x://example.com/")])
    net = address([192, 0, 2, 0, 255, 255, 255, 0])
    case("iPAddress: in the net", True, [net], san=[address([192, 0, 2, 7])])
    case("iPAddress: outside", False, [net], san=[address([192, 0, 3, 7])])
    case("iPAddress: excluded", False, (), [net], san=[address([192, 0, 2, 7])])
    case("iPAddress: version 6 under a net of version 4", False, [net], san=[address([0] * 15 + [1])])
    case("iPAddress: version 6 in its net", True, [address([32, 1, 13, 184] + [0] * 12 + [255] * 4 + [0] * 12)],
         san=[address([32, 1, 13, 184] + [0] * 11 + [9])])
    case("iPAddress: a constraint of 5 octets", False, (), [address([192, 0, 2, 0, 255])], san=[address([198, 51, 100, 1])])
    case("iPAddress: an address of 5 octets", False, (), [address([0] * 8)], san=[address([1, 2, 3, 4, 5])])
    org = directory(name((O, "Example")))
    inside = name((O, "Example"), (CN, "leaf"))
    case("directoryName: below", True, [org], subject=inside)
    case("directoryName: another string type and case", True, [org], subject=name((O, printable("EXAMPLE")), (CN, "leaf")))
    case("directoryName: blanks", True, [org], subject=name((O, "  example "), (CN, "leaf")))
    case("directoryName: elsewhere", False, [org], subject=name((O, "Other"), (CN, "leaf")))
    case("directoryName: not at the start", False, [org], subject=name((CN, "leaf"), (O, "Example")))
    case("directoryName: excluded", False, (), [org], subject=inside)
    case("directoryName: excluded in another case", False, (), [org], subject=name((O, printable("EXAMPLE")), (CN, "leaf")))
    case("directoryName: excluded, as alternative name", False, (), [org], san=[directory(inside)])
    two = directory(sequence(set_of(sequence(oid(O), utf8("Example")), sequence(oid("2.5.4.11"), utf8("A")))))
    both = sequence(set_of(sequence(oid(O), utf8("Example")), sequence(oid("2.5.4.11"), utf8("B"))), set_of(sequence(oid(CN), utf8("x"))))
    case("directoryName: one of two attributes of an RDN", False, [two], subject=both)
    case("otherName: not known, excluded", False, (), [explicit(0, oid(UNKNOWN), explicit(0, NULL))],
         san=[explicit(0, oid(UNKNOWN), explicit(0, NULL))])
    self_issued = ca("sub", other_key, "sub", sub_key)
    row("a self-issued CA between is not looked at", end(issuer_key=other_key, subject=inside), [root],
        [constrained([directory(name("sub")), org]), self_issued])
    row("the anchor's own constraints hold", end(*SIGNER, alt_names(dns("a.org")), issuer="root", issuer_key=root_key),
        [ca("root", root_key, None, None, *CA, name_constraints([host]))], fails=["names"])
    case("as many names as allowed", True, [host, host], [net], san=[host, host, host], name_comparisons=12)
    case("one name more than allowed", False, [host, host], [net], san=[host, host, host], name_comparisons=11)


def policy():
    def chain(label, good, of_root, of_sub, of_leaf):
        row(label, end(*SIGNER, *of_leaf), [root], [ca("sub", sub_key, "root", root_key, *CA, *of_sub)],
            fails=[] if good else ["policies"])
    needed = policy_constraints(explicit_policy=0)
    chain("no policies, none needed", True, [], [], [])
    chain("a policy is needed and holds", True, [], [policies(POLICY), needed], [policies(POLICY)])
    chain("a policy is needed, and another one is named", False, [], [policies(POLICY), needed], [policies(OTHER_POLICY)])
    chain("a policy is needed, and none is named", False, [], [policies(POLICY), needed], [])
    chain("anyPolicy in the leaf", True, [], [policies(POLICY), needed], [policies(ANY_POLICY)])
    chain("anyPolicy in the CA", True, [], [policies(ANY_POLICY), needed], [policies(POLICY)])
    chain("the leaf itself needs a policy", False, [], [], [policy_constraints(explicit_policy=0)])
    chain("a policy needed one certificate later", False, [], [policies(POLICY), policy_constraints(explicit_policy=1)],
          [policies(OTHER_POLICY)])
    chain("a policy needed two certificates later", True, [], [policies(POLICY), policy_constraints(explicit_policy=2)],
          [policies(OTHER_POLICY)])
    mapped = policy_mappings((POLICY, OTHER_POLICY))
    chain("a mapped policy", True, [], [policies(POLICY), mapped, needed], [policies(OTHER_POLICY)])
    chain("a mapped policy under its old name", False, [], [policies(POLICY), mapped, needed], [policies(POLICY)])
    chain("anyPolicy is not mapped", False, [], [policies(POLICY), policy_mappings((ANY_POLICY, POLICY))], [])
    third = ca("third", other_key, "sub", sub_key, *CA, policies(POLICY), mapped)

    def below_third(label, good, of_sub):
        row(label, end(*SIGNER, policies(OTHER_POLICY), issuer="third", issuer_key=other_key), [root],
            [ca("sub", sub_key, "root", root_key, *CA, policies(POLICY), *of_sub), third], fails=[] if good else ["policies"])
    below_third("mapping, one CA later", True, [needed])
    below_third("mapping is forbidden", False, [policy_constraints(explicit_policy=0, mapping=0)])
    chain("anyPolicy is forbidden", False, [], [policies(POLICY), needed, inhibit_any_policy(0)], [policies(ANY_POLICY)])


def revocation():
    root_list, sub_list = crl("root", root_key), crl("sub", sub_key)
    victim = end(serial=4711)

    def case(label, *lists, fails=(), unknown=(), certificate_=victim, pool=None, **options):
        row("CRL: " + label, certificate_, [root], pool or [sub], fails=fails, unknown=unknown, lists=[root_list, *lists], **options)
    case("not in it", sub_list)
    case("of the CA is missing", unknown=["revocation"])
    row("CRL: of the root is missing", victim, [root], [sub], unknown=["revocation"], lists=[sub_list])
    case("revoked", crl("sub", sub_key, revoked(4710), revoked(4711, 1), revoked(4712)), fails=["revocation"])
    case("on hold", crl("sub", sub_key, revoked(4711, 6)), fails=["revocation"])
    case("removed from it", crl("sub", sub_key, revoked(4711, 8)))
    case("another one is revoked", crl("sub", sub_key, revoked(4710), revoked(-4711), revoked(4711 << 8)))
    case("the entry does not decode", crl("sub", sub_key, sequence(integer(4711), utf8("yesterday"))), unknown=["revocation"])
    case("the entry has an unknown critical extension", crl("sub", sub_key, revoked(4711, critical=[UNKNOWN])), unknown=["revocation"])
    case("too old", crl("sub", sub_key, since="2026-01-01", until="2026-11-20"), unknown=["revocation"])
    case("of the future", crl("sub", sub_key, since="2026-11-22"), unknown=["revocation"])
    case("a new one beside an old one", crl("sub", sub_key, since="2026-01-01", until="2026-11-20"), sub_list)
    case("two, and one has it", sub_list, crl("sub", sub_key, revoked(4711)), fails=["revocation"])
    case("not signed by the CA", crl("sub", other_key), unknown=["revocation"])
    case("a changed signature", crl("sub", sub_key, signature=b"none"), unknown=["revocation"])
    no_lists = ca("sub", sub_key, "root", root_key, basic_constraints(), key_usage(CERT_SIGN))
    case("the CA may not sign it", sub_list, pool=[no_lists], unknown=["revocation"])

    def with_extension(label, *extensions, good=False, **options):
        case(label, crl("sub", sub_key, extensions=extensions), unknown=[] if good else ["revocation"], **options)

    def scope(*parts):
        return extension("2.5.29.28", sequence(*parts), True)
    with_extension("an unknown critical extension", extension(UNKNOWN, NULL, True))
    with_extension("an unknown extension", extension(UNKNOWN, NULL), good=True)
    with_extension("a delta", extension("2.5.29.27", integer(1), True))
    with_extension("for end entities", scope(tlv(0x81, b"\xff")), good=True)
    with_extension("for CAs", scope(tlv(0x82, b"\xff")))
    with_extension("for some reasons", scope(bytes([0x83]) + named_bits(1)[1:]))
    with_extension("indirect", scope(tlv(0x84, b"\xff")))
    with_extension("for attribute certificates", scope(tlv(0x85, b"\xff")))
    here_ = scope(explicit(0, explicit(0, uri("http://example.com/1.crl"))))
    with_extension("of a distribution point, the certificate names none", here_)
    with_extension("of the certificate's distribution point", here_, good=True,
                   certificate_=end(*SIGNER, distribution_points("http://example.com/1.crl")))
    with_extension("of another distribution point", here_, certificate_=end(*SIGNER, distribution_points("http://example.com/2.crl")))


for group in (building, times, signatures, usage, extensions, names, policy, revocation):
    group()
(here / "paths.json").write_text(json.dumps({"certificates": certificates, "crls": crls, "rows": rows}, indent=0) + "\n")


def octets_of(entry):
    """SEQUENCE { leaf, pool, CRLs, anchors }"""
    labels = [entry["leaf"], *entry["pool"], *entry.get("crls", []), *entry["anchors"]]
    return sequence(*(base64.b64decode(certificates.get(one) or crls[one]) for one in labels))


small = [entry for entry in rows if len(entry["pool"]) < 3 and entry["anchors"]]
(here / "seeds.pem").write_text("".join(pem("CERTIFICATE PATH", octets_of(entry)) for entry in small[::4]))
print(len(rows), "paths,", len(certificates), "certificates,", len(crls), "CRLs")
