#include "authority_requester.hpp"

#include <algorithm>

#include <cmcctl/cmc/controls.hpp>
#include <cmcctl/cmc/full_message.hpp>
#include <cmcctl/cmc/request_checks.hpp>
#include <cmcctl/codec/text.hpp>
#include <cmcctl/codec/tlv.hpp>
#include <cmcctl/crypto/cms_path.hpp>
#include <cmcctl/crypto/digest.hpp>
#include <cmcctl/crypto/oids.hpp>

namespace cmcctl::authority {
namespace {

// As long as answers are kept, so that a message is refused by its age when nobody remembers it any more.
constexpr std::int64_t clock_difference = 24 * 3'600;

constexpr std::size_t most_macs = 4;  // AuthenticatedData in one message

// The same whether there is such a user or not, and whether the secret was looked at or not.
constexpr std::string_view not_made_with_secret =
    " is not made with the secret of this identification (after ten wrong ones the right one has to wait a minute)";

const Check* find_check(const VerifiedPart& part, std::string_view name) {
  const auto found = std::ranges::find(part.checks, name, &Check::name);
  return found == part.checks.end() ? nullptr : &*found;
}

// What a signature is made of; the other checks of a signer are about its certificate.
constexpr std::string_view signature_checks[]{"signed attributes", "digest", "signature"};

bool is_about_signature(const Check& check) {
  return check.name == "algorithm" || std::ranges::find(signature_checks, check.name) != std::end(signature_checks);
}

Refusal signature_refusal(const Check& check) {
  const bool algorithm = check.name == "algorithm";
  return {algorithm ? CMCFailInfo::badAlg : CMCFailInfo::badMessageCheck,
          "the message's " + std::string(check.name) + ": " + check.text};
}

}  // namespace

std::optional<std::string> identification_of(Decoder& decoder, const PKIData& data) {
  for (const TaggedAttribute& control : data.control_sequence) {
    if (!is_control(control, "identification")) continue;
    const auto value = decode_control<Identification>(decoder, control);
    if (value) return std::string(value->value.bytes.chars());
  }
  return std::nullopt;
}

Bytes Requester::tie() const {
  std::string who;
  if (right == Right::ra) {
    who = "RA " + std::string(certificate->subject().chars());
  } else if (!identity.empty()) {
    who = "user " + identity;
  } else if (right == Right::holder) {
    who = "holder " + std::string(certificate->subject().chars());
  }
  return digest(Hash::sha256, Octets(std::string_view(who)));
}

Ruling<Requester> requester_of(Context& context, const X509Certificate& certificate) {
  Requester who;
  who.certificate = certificate;
  who.signed_at_all = true;
  const bool is_ra = certificate.has_purpose(oids::kp_cmc_ra);
  std::optional<StoredCertificate> stored;
  if (certificate.issuer() == context.certificate().subject()) {
    auto found = context.store.find_certificate(certificate.tbs().serial_number.content);
    if (!found) return context.failed(found.error());
    stored = *std::move(found);
  }
  if (stored && stored->revocation) {
    return Refusal{CMCFailInfo::badIdentity, "the certificate of " + certificate.subject_text() + " is revoked"};
  }
  if (!stored && !is_ra) {
    return Refusal{CMCFailInfo::badIdentity,
                   "the certificate of " + certificate.subject_text() + " is not from this CA, and not an RA's"};
  }
  who.right = is_ra ? Right::ra : Right::holder;
  if (stored) {
    who.identity = stored->identity;
    who.confirmed = stored->confirmed;
  }
  return who;
}

Proofs::Proofs(Context& context, Decoder& decoder, const Message& message) : context_(context), decoder_(decoder) {
  learn(message.layer);
  verify(message);
  for (std::size_t i = 0; i < report_.parts.size(); ++i) by_path_.emplace(report_.parts[i].path, i);
}

std::optional<Octets> Proofs::secret_of(std::optional<Octets> identification) {
  if (!identification) return std::nullopt;
  const std::string_view name = identification->chars();
  auto place = users_.find(name);
  if (place == users_.end()) {
    auto found = context_.store.find_user(name);
    if (!found) context_.failed(found.error());
    place = users_.emplace(std::string(name), found ? *std::move(found) : std::nullopt).first;
    if (context_.guesses.are_too_many(name, context_.now)) place->second.reset();
  }
  if (!place->second) return std::nullopt;
  return Octets(place->second->secret);
}

// What verification takes that is not in the message: the secrets of the users that it names, and certificates of the
// CA that sign it and were left out.
void Proofs::learn(const Layer& layer) {
  if (const auto* data = std::get_if<SignedData>(&layer.cms)) {
    for (const SignerInfo& signer : data->signer_infos) {
      const auto* name = std::get_if<IssuerAndSerialNumber>(&signer.sid.choice);
      if (name == nullptr || name->issuer.der != context_.certificate().subject()) continue;
      const auto stored = context_.store.find_certificate(name->serial_number.content);
      if (!stored) context_.failed(stored.error());
      if (!stored || !*stored) continue;
      auto certificate = X509Certificate::from_der((*stored)->der);
      if (certificate) known_signers_.push_back(*std::move(certificate));
    }
  }
  const auto* data = std::get_if<PKIData>(&layer.content);
  if (data != nullptr && std::holds_alternative<AuthenticatedData>(layer.cms)) {
    macs_.push_back(identification_of(decoder_, *data).value_or(""));
  }
  for (const Layer& nested : layer.nested) learn(nested);
}

void Proofs::add_revocation(std::vector<VerifiedPart>& parts) {
  for (VerifiedPart& part : parts) {
    if (part.kind != "signer" || part.certificates.empty()) continue;
    for (const X509Certificate& certificate : part.certificates) {
      if (certificate.issuer() != context_.certificate().subject()) continue;
      const auto stored = context_.store.find_certificate(certificate.tbs().serial_number.content);
      if (!stored) context_.failed(stored.error());
      if (stored && !(*stored && (*stored)->revocation)) continue;
      part.checks.push_back({"revocation", Verdict::fail, certificate.subject_text() + " is revoked", {}, {}});
    }
  }
}

// RFC 10002 section 3.2: the identifier, then the secret. With the secrets of several at hand it would not be certain
// whose MAC it was, and each one takes a derivation of a key.
SecretOctets Proofs::mac_password() {
  const bool one = std::ranges::all_of(macs_, [&](const std::string& name) { return name == macs_.front(); });
  if (macs_.empty() || macs_.size() > most_macs || !one) return {};
  const Octets name(std::string_view(macs_.front()));
  const auto secret = secret_of(name);
  if (!secret) return {};
  return mac_full_password({*secret, name});
}

void Proofs::verify(const Message& message) {
  const SecretOctets password = mac_password();
  const Octets passwords[]{password};
  VerifyOptions options;
  options.anchors = context_.anchors;
  options.certificates = known_signers_;
  options.time = context_.now;
  options.purpose = Purpose::signer;
  if (!password.empty()) options.keys.passwords = passwords;
  if (const auto* data = std::get_if<PKIData>(&message.layer.content)) {
    const auto name = identification_of(decoder_, *data);
    if (name) options.shared_secret = secret_of(Octets(std::string_view(*name)));
  }
  RequestCheckOptions checks;
  checks.find_secret = [this](std::optional<Octets> identification) { return secret_of(identification); };
  options.more = [&](Decoder& decoder, const Message& opened, std::vector<VerifiedPart>& parts) {
    add_revocation(parts);
    check_request(decoder, opened, checks, parts);
  };
  report_ = verify_message(decoder_, message, options);
}

const VerifiedPart* Proofs::part_at(const std::string& path, std::string_view kind) const {
  const auto [first, last] = by_path_.equal_range(path);
  for (auto place = first; place != last; ++place) {
    if (report_.parts[place->second].kind == kind) return &report_.parts[place->second];
  }
  return nullptr;
}

const Check* Proofs::check(const std::string& path, std::string_view name) const {
  const auto [first, last] = by_path_.equal_range(path);
  for (auto place = first; place != last; ++place) {
    if (const Check* const found = find_check(report_.parts[place->second], name)) return found;
  }
  return nullptr;
}

// RFC 10002 section 6.1.4, badTime. A signer need not say when.
Objection Proofs::check_time(const SignerInfo& signer) {
  if (!signer.signed_attrs) return std::nullopt;
  const auto attributes = decoder_.decode<SignedAttributes>(*signer.signed_attrs);
  if (!attributes) return std::nullopt;
  const Bytes type = *oid_content(oids::signing_time);
  for (const Attribute& attribute : attributes->attributes) {
    if (attribute.type.content != Octets(type) || attribute.values.size() != 1) continue;
    const tlv::Element element = tlv::first(attribute.values[0].der);
    const Time time{element.content, element.id == tlv::utc_time ? Time::Form::utc : Time::Form::generalized};
    const bool is_time = element.id == tlv::utc_time || element.id == tlv::generalized_time;
    const auto seconds = is_time ? seconds_of(time) : std::nullopt;
    if (!seconds) return Refusal{CMCFailInfo::badTime, "signingTime is no time"};
    if (*seconds < context_.now - clock_difference || *seconds > context_.now + clock_difference) {
      return Refusal{CMCFailInfo::badTime, "signed at " + time_text(time) + ": more than a day from now"};
    }
  }
  return std::nullopt;
}

Objection Proofs::check_signer(const Layer& layer, const SignerInfo& signer, const VerifiedPart& part, Requester& who) {
  if (to_string(signer.signature_algorithm.algorithm) == oids::no_signature) {
    who.no_signature = true;
    return std::nullopt;
  }
  const bool is_unknown_signer = part.certificates.empty() && !part.by_request_key;
  for (const Check& check : part.checks) {
    if (!is_about_signature(check) || check.verdict == Verdict::pass) continue;
    const bool no_key = check.name == "signature" && check.verdict == Verdict::unknown && is_unknown_signer;
    if (!no_key) return signature_refusal(check);
  }
  if (auto objection = check_time(signer)) return objection;
  if (part.by_request_key) {
    // Section 3.2: there is one SignerInfo then.
    if (std::get<SignedData>(layer.cms).signer_infos.size() > 1) {
      return Refusal{CMCFailInfo::badMessageCheck, "signed with the key of a request, and by others, too"};
    }
    who.signed_at_all = true;
    return std::nullopt;
  }
  for (const Check& check : part.checks) {
    if (is_about_signature(check) || check.verdict == Verdict::pass || check.verdict == Verdict::skipped) continue;
    if (check.name == "path" && part.certificates.empty()) return std::nullopt;  // a signer whose key nobody knows
    return Refusal{CMCFailInfo::badIdentity, part.name + ": " + check.text};
  }
  if (part.certificates.empty()) return std::nullopt;
  auto signed_by = requester_of(context_, part.certificates.front());
  if (!signed_by) return signed_by.refusal();
  if (who.right < signed_by->right) {
    const bool no_signature = who.no_signature;
    who = *std::move(signed_by);
    who.no_signature = no_signature;
  }
  return std::nullopt;
}

void Proofs::note_wrong_secret(const PKIData& data) {
  const auto user = users_.find(identification_of(decoder_, data).value_or(""));
  if (user != users_.end() && user->second) context_.guesses.add(user->first, context_.now);
}

Objection Proofs::check_identity(const Layer& layer, const PKIData& data, Requester& who) {
  bool proved = false;
  for (std::size_t i = 0; i < data.control_sequence.size(); ++i) {
    const Check* const proof =
        check(layer.content_path + ".controlSequence[" + std::to_string(i) + "]", "identity proof");
    if (proof == nullptr) continue;
    if (proof->verdict != Verdict::pass) {
      note_wrong_secret(data);
      return Refusal{CMCFailInfo::badIdentity, "the identity proof" + std::string(not_made_with_secret)};
    }
    proved = true;
  }
  if (!proved || who.right > Right::user) return std::nullopt;
  who.right = Right::user;
  who.identity = identification_of(decoder_, data).value_or("");
  return std::nullopt;
}

bool Proofs::is_authentic(const Layer& layer) const {
  if (std::holds_alternative<AuthenticatedData>(layer.cms)) {
    const VerifiedPart* const part = part_at(layer.content_path, "content");
    return part != nullptr && worst(part->checks) == Verdict::pass;
  }
  const auto* const data = std::get_if<SignedData>(&layer.cms);
  if (data == nullptr || data->signer_infos.empty()) return false;
  for (std::size_t i = 0; i < data->signer_infos.size(); ++i) {
    const VerifiedPart* const part = part_at(cms_path(layer) + ".signerInfos[" + std::to_string(i) + "]", "signer");
    if (part == nullptr) return false;
    for (const Check& check : part->checks) {
      if (is_about_signature(check) && check.verdict != Verdict::pass) return false;
    }
  }
  return true;
}

Ruling<Requester> Proofs::requester(const Layer& layer) {
  Requester who;
  const auto& data = std::get<PKIData>(layer.content);
  if (const auto* signed_data = std::get_if<SignedData>(&layer.cms)) {
    for (std::size_t i = 0; i < signed_data->signer_infos.size(); ++i) {
      const std::string path = cms_path(layer) + ".signerInfos[" + std::to_string(i) + "]";
      const VerifiedPart* const part = part_at(path, "signer");
      if (part == nullptr) return Refusal{CMCFailInfo::badMessageCheck, "a signature could not be checked"};
      if (auto objection = check_signer(layer, signed_data->signer_infos[i], *part, who)) return *objection;
    }
  }
  if (std::holds_alternative<AuthenticatedData>(layer.cms)) {
    const VerifiedPart* const part = part_at(layer.content_path, "content");
    if (part == nullptr || worst(part->checks) != Verdict::pass) {
      note_wrong_secret(data);
      return Refusal{CMCFailInfo::badMessageCheck, "the MAC" + std::string(not_made_with_secret)};
    }
    who.right = Right::user;
    who.identity = macs_.front();
    who.signed_at_all = true;
  }
  if (auto objection = check_identity(layer, data, who)) return *objection;
  return who;
}

}  // namespace cmcctl::authority
