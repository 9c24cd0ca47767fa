#include "static_dh_check.hpp"

#include <cmcctl/codec/text.hpp>
#include <cmcctl/codec/tlv.hpp>
#include <cmcctl/crypto/static_dh.hpp>

namespace cmcctl {
namespace {

constexpr std::string_view possession = "possession";
constexpr std::string_view without_parameters = "CMC-6955-4-01";
constexpr std::string_view requester = "the requester's software is at fault";

// DhSigStatic ::= SEQUENCE { issuerAndSerial IssuerAndSerialNumber OPTIONAL, hashValue MessageDigest }
struct DhSigStatic {
  std::optional<IssuerAndSerialNumber> recipient;
  Octets hash_value;
};

std::optional<DhSigStatic> dh_sig_static(Decoder& decoder, const BitString& value) {
  if (value.unused_bits != 0) return std::nullopt;
  const auto scanned = decoder.scan(value.bytes);
  if (!scanned || scanned->der[0] != tlv::sequence) return std::nullopt;
  DhSigStatic read;
  tlv::Cursor members(tlv::first(scanned->der).content);
  if (members.at_end()) return std::nullopt;
  tlv::Element member = members.next();
  if (member.id == tlv::sequence) {
    const auto name = decoder.decode<IssuerAndSerialNumber>(member.whole);
    if (!name || members.at_end()) return std::nullopt;
    read.recipient = *name;
    member = members.next();
  }
  if (member.id != tlv::octet_string || !members.at_end()) return std::nullopt;
  read.hash_value = member.content;
  return read;
}

bool is_named(const X509Certificate& certificate, const std::optional<IssuerAndSerialNumber>& name) {
  return !name || (certificate.issuer() == name->issuer.der && certificate.tbs().serial_number == name->serial_number);
}

struct Candidate {
  PrivateKey* key;
  X509Certificate certificate;
};

// The keys that may be meant, each with a certificate of its own.
class Candidates {
 public:
  Candidates(const VerifyOptions& options, const std::optional<IssuerAndSerialNumber>& name, const PublicKey& requested,
             const Limits& limits)
      : name_(name), requested_(requested) {
    for (const RecipientKeys::Pair& pair : options.keys.pairs) {
      if (!pair.certificate.empty()) {
        const auto certificate = X509Certificate::from_der(pair.certificate, limits);
        if (certificate) add(pair, *certificate);
      }
      for (const X509Certificate& certificate : options.certificates) add(pair, certificate);
      for (const X509Certificate& certificate : options.anchors) add(pair, certificate);
    }
  }

  const std::vector<Candidate>& found() const { return found_; }

 private:
  void add(const RecipientKeys::Pair& pair, const X509Certificate& certificate) {
    if (!is_named(certificate, name_) || (!name_ && !requested_.is_of_group(pair.key->public_key()))) return;
    const auto& key = certificate.public_key();
    if (key && key->is_same(pair.key->public_key())) found_.push_back({pair.key, certificate});
  }

  const std::optional<IssuerAndSerialNumber>& name_;
  const PublicKey& requested_;
  std::vector<Candidate> found_;
};

Check fail(std::string text, std::string_view rule, std::string_view hint) {
  return {possession, Verdict::fail, std::move(text), rule, std::string(hint)};
}

std::string recipient_text(const std::optional<IssuerAndSerialNumber>& name) {
  if (!name) return "whose certificate it does not name";
  return "certificate " + to_string(name->serial_number) + " of " + escape(name_text(name->issuer.der));
}

Check computed(Hash hash, const std::string& how, const StaticDhProof& proof, const PublicKey& key,
               const Candidates& candidates, Octets hash_value) {
  for (const Candidate& recipient : candidates.found()) {
    const auto mac = static_dh_mac(hash, *recipient.key, key, recipient.certificate, proof.message);
    if (!mac) return fail(how + ": " + to_string(mac.error()), {}, requester);
    if (equal_in_constant_time(*mac, hash_value)) {
      const std::string who = escape(recipient.certificate.subject_text());
      return {possession, Verdict::pass, how + " with " + key.text() + ", for " + who, {}, {}};
    }
  }
  return fail(how + ": not made with its own key " + key.text() + " and the recipient's", {},
              "the request was changed, or made for another recipient");
}

}  // namespace

Check check_static_dh(Decoder& decoder, const StaticDhProof& proof, const PublicKey& key,
                      const VerifyOptions& options) {
  const StaticDhScheme scheme = *static_dh_of(proof.algorithm.algorithm);
  const std::string how =
      std::string(scheme.elliptic ? "static ECDH" : "static DH") + ", HMAC with " + std::string(to_string(scheme.hash));
  if (proof.algorithm.parameters) {
    return fail(how + ": with algorithm parameters (RFC 6955 section 4)", without_parameters, requester);
  }
  if (scheme.hash == Hash::sha1 && !options.allow_sha1) {
    return fail(how + ": SHA-1 proves nothing any more", {}, "have it made with SHA-256");
  }
  if (!scheme.fits(key.kind())) return fail(how + " for a key of the kind " + key.text(), {}, requester);
  const auto read = dh_sig_static(decoder, proof.value);
  if (!read) return fail(how + ": DhSigStatic does not decode (RFC 6955 section 4.1)", {}, requester);
  const Candidates candidates(options, read->recipient, key, decoder.limits());
  if (candidates.found().empty()) {
    return {possession,
            Verdict::unknown,
            how + ": a MAC for the recipient, " + recipient_text(read->recipient),
            {},
            "give the recipient's private key with --key SOURCE and its certificate with --cert FILE"};
  }
  return computed(scheme.hash, how, proof, key, candidates, read->hash_value);
}

}  // namespace cmcctl
