#include <cmcctl/cmc/request_checks.hpp>

#include <algorithm>
#include <unordered_map>

#include <cmcctl/cmc/encrypted_pop.hpp>
#include <cmcctl/cmc/proofs.hpp>
#include <cmcctl/codec/text.hpp>
#include <cmcctl/codec/tlv.hpp>
#include <cmcctl/crypto/cms_path.hpp>
#include <cmcctl/crypto/mac.hpp>
#include <cmcctl/crypto/secret.hpp>

#include "existing_certificate.hpp"
#include "part_index.hpp"

namespace cmcctl {
namespace {

constexpr std::string_view kp_cmc_ra = "1.3.6.1.5.5.7.3.28";
constexpr std::string_view possession = "possession";
constexpr std::string_view identity_proof_check = "identity proof";
constexpr std::string_view references = "references";

// Who stands behind a PKIData, as far as verify_message could find out.
enum class Sender : std::uint8_t { nobody, failed, unknown, requester, certified, ra };

std::string body_part_text(BodyPartID id) { return "body part " + std::to_string(id.value()); }

std::string path_text(std::span<const BodyPartID> path) {
  std::string text = path.size() == 1 ? "body part " : "the path ";
  for (std::size_t i = 0; i < path.size(); ++i) text += (i == 0 ? "" : ".") + std::to_string(path[i].value());
  return escape(text);
}

std::string algorithms_text(const AlgorithmIdentifier& hash, const AlgorithmIdentifier& mac) {
  const auto first = hash_of(hash);
  const auto second = hmac_hash_of(mac);
  return (first ? std::string(to_string(*first)) : to_string(hash.algorithm)) + ", HMAC with " +
         (second ? std::string(to_string(*second)) : to_string(mac.algorithm));
}

Check undecoded(std::string_view name, const Error& error) {
  return {name, Verdict::fail, to_string(error), error.rule, "the requester's software is at fault"};
}

Check no_secret(std::string_view name, std::string text) {
  return {name, Verdict::unknown, std::move(text), {}, "give the shared secret with --secret SOURCE"};
}

class RequestChecker {
 public:
  RequestChecker(Decoder& decoder, const RequestCheckOptions& options, std::vector<VerifiedPart>& parts)
      : decoder_(decoder), options_(options), parts_(parts), index_(decoder) {
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (parts[i].kind == "request") requests_.emplace(parts[i].path, i);
      if (parts[i].kind != "signer") continue;
      signers_[parts[i].path.substr(0, parts[i].path.rfind(".signerInfos["))].push_back(i);
    }
  }

  void run(const Message& message) {
    unsigned_request(message.layer);
    layer(message.layer);
  }

 private:
  struct Scope {
    const Layer& layer;
    const PKIData& data;
    Sender sender;
    std::optional<Octets> identification{};
  };

  void unsigned_request(const Layer& layer);
  void layer(const Layer& layer);
  void control(const Scope& scope, std::size_t index);
  void pop_links(const Scope& scope);
  void ra_verified(const Scope& scope);
  void existing_certificate(const Scope& scope);
  void learn_identity(const Scope& scope, bool proved);

  std::optional<Octets> secret(const Scope& scope) const {
    return options_.find_secret ? options_.find_secret(scope.identification) : options_.secret;
  }
  Check identification(const Scope& scope);
  Check identity_proof_v1(const Scope& scope, const TaggedAttribute& control);
  Check identity_proof_v2(const Scope& scope, const TaggedAttribute& control);
  Check pop_link(const Scope& scope, const RequestPart& request, std::span<const Octets> randoms);
  Check same_subject(const Scope& scope, const RequestPart& request);
  Check passphrase(const Scope& scope, const RevokeRequest& revoke);
  Check anchor_hashes(const PublishTrustAnchors& anchors);
  Check by_ra(const Scope& scope, std::string_view name, std::string_view rule_for_requester) const;

  void lra_pop_witness(const Scope& scope, const LraPopWitness& witness, VerifiedPart& part);
  void decrypted_pop(const Scope& scope, const DecryptedPOP& pop, VerifiedPart& part);
  void ra_identity_witness(const Scope& scope, const RaIdentityWitness& witness, VerifiedPart& part);
  Check auth_data(const Scope& scope, const AuthPublish& reference);
  Check requests_named(const Layer& layer, std::span<const BodyPartID> ids, std::string_view rule);
  Check changed_requests(const Scope& scope, std::span<const BodyPartID> where, std::span<const BodyPartID> ids,
                         std::string_view rule);
  Check nested_named(const Scope& scope, std::span<const BodyPartID> ids);
  Check all_found(const Scope& scope, const List<BodyPartReference>& list);

  const Layer* data_layer(const Scope& scope, std::span<const BodyPartID> path);
  Sender sender_of(const Layer& layer) const;
  const X509Certificate* end_entity(const Layer& layer) const;
  void settle_possession(const Layer& layer, BodyPartID id, const std::string& text);

  Decoder& decoder_;
  const RequestCheckOptions& options_;
  std::vector<VerifiedPart>& parts_;
  PartIndex index_;
  std::unordered_map<std::string, std::size_t> requests_;              // indices of parts_ by their path
  std::unordered_map<std::string, std::vector<std::size_t>> signers_;  // by the path of their SignedData
  std::size_t derivations_ = 0;
};

// RFC 10002 section 2.2: a request travels in SignedData or AuthenticatedData. Only a revocation with its passphrase
// comes without, from Dogtag's tools.
void RequestChecker::unsigned_request(const Layer& layer) {
  const auto* const data = std::get_if<PKIData>(&layer.content);
  if (data == nullptr || (data->req_sequence.empty() && data->cms_sequence.empty())) return;
  if (std::holds_alternative<SignedData>(layer.cms) || std::holds_alternative<AuthenticatedData>(layer.cms)) return;
  parts_.push_back(
      {"content",
       "PKIData without a signature",
       layer.content_path,
       decoder_.offset_of(data->source.bytes),
       {{"signature", Verdict::fail, "nobody has signed this", "CMC-5272-2.2-01", "do not rely on anything in it"}}});
}

Sender RequestChecker::sender_of(const Layer& layer) const {
  const auto found = signers_.find(cms_path(layer));
  if (found == signers_.end()) return Sender::nobody;
  Sender best = Sender::failed;
  for (const std::size_t i : found->second) {
    const VerifiedPart& part = parts_[i];
    const Verdict verdict = worst(part.checks);
    Sender sender = Sender::failed;
    if (part.by_request_key && verdict != Verdict::fail) {
      sender = Sender::requester;
    } else if (verdict == Verdict::unknown) {
      sender = Sender::unknown;
    } else if (verdict == Verdict::pass) {
      const bool is_ra = !part.certificates.empty() && part.certificates.front().has_purpose(kp_cmc_ra);
      sender = is_ra ? Sender::ra : Sender::certified;
    }
    best = std::max(best, sender);
  }
  return best;
}

// The certificate of a verified signer; null when only a CA signs.
const X509Certificate* RequestChecker::end_entity(const Layer& layer) const {
  for (const std::size_t i : signers_.at(cms_path(layer))) {
    const VerifiedPart& part = parts_[i];
    if (part.certificates.empty() || worst(part.checks) != Verdict::pass) continue;
    if (!part.certificates.front().is_ca()) return &part.certificates.front();
  }
  return nullptr;
}

void RequestChecker::existing_certificate(const Scope& scope) {
  const X509Certificate* const signer = end_entity(scope.layer);
  if (signer == nullptr) return;
  const ExistingCertificate existing(*signer);
  for (const RequestPart& request : index_.requests(scope.layer)) {
    const auto found = requests_.find(request.path);
    if (found == requests_.end()) continue;
    parts_[found->second].checks.push_back(existing.check(decoder_, request));
  }
}

void RequestChecker::layer(const Layer& layer) {
  if (const auto* data = std::get_if<PKIData>(&layer.content)) {
    Scope scope{layer, *data, sender_of(layer)};
    const auto named = control_value<Identification>(decoder_, layer, "identification");
    if (named) scope.identification = named->value.bytes;
    const std::size_t before = parts_.size();
    for (std::size_t i = 0; i < data->control_sequence.size(); ++i) control(scope, i);
    bool proved = false;
    bool refuted = false;
    for (std::size_t i = before; i < parts_.size(); ++i) {
      for (const Check& check : parts_[i].checks) {
        if (check.name != identity_proof_check) continue;
        proved = proved || check.verdict == Verdict::pass;
        refuted = refuted || check.verdict != Verdict::pass;
      }
    }
    learn_identity(scope, proved && !refuted);
    pop_links(scope);
    ra_verified(scope);
    if (scope.sender == Sender::certified) existing_certificate(scope);
  }
  for (const Layer& nested : layer.nested) this->layer(nested);
}

// The signature of who has no certificate yet counts when an identity proof says who that is.
void RequestChecker::learn_identity(const Scope& scope, bool proved) {
  if (!proved) return;
  const auto found = signers_.find(cms_path(scope.layer));
  if (found == signers_.end()) return;
  for (const std::size_t i : found->second) {
    if (!parts_[i].by_request_key) continue;
    for (Check& check : parts_[i].checks) {
      if (check.name != "path" || check.verdict != Verdict::unknown) continue;
      check = {"path", Verdict::pass, "signed with the key of a request; the identity proof says whose it is", {}, {}};
    }
  }
}

void RequestChecker::control(const Scope& scope, std::size_t index) {
  const TaggedAttribute& control = scope.data.control_sequence[index];
  const ControlRow* const row = control_row(control.attr_type);
  if (row == nullptr) return;
  VerifiedPart part{"control",
                    std::string(row->name) + " (" + body_part_text(control.body_part_id) + ")",
                    scope.layer.content_path + ".controlSequence[" + std::to_string(index) + "]",
                    decoder_.offset_of(control.source.bytes),
                    {}};
  // `use` makes the checks of a value that decodes.
  const auto with = [&]<class T>(const T*, auto use) {
    const auto value = decode_control<T>(decoder_, control);
    if (value) {
      use(*value);
    } else {
      part.checks.push_back(undecoded("value", value.error()));
    }
  };
  const auto add = [&](Check check) { part.checks.push_back(std::move(check)); };
  const std::string_view name = row->name;
  if (name == "identification" && options_.identification) add(identification(scope));
  if (name == "identityProof") add(identity_proof_v1(scope, control));
  if (name == "identityProofV2") add(identity_proof_v2(scope, control));
  if (name == "lraPOPWitness") {
    with(static_cast<const LraPopWitness*>(nullptr), [&](const auto& value) { lra_pop_witness(scope, value, part); });
  }
  if (name == "decryptedPOP") {
    with(static_cast<const DecryptedPOP*>(nullptr), [&](const auto& value) { decrypted_pop(scope, value, part); });
  }
  if (name == "raIdentityWitness") {
    with(static_cast<const RaIdentityWitness*>(nullptr),
         [&](const auto& value) { ra_identity_witness(scope, value, part); });
  }
  if (name == "authData") {
    with(static_cast<const AuthPublish*>(nullptr), [&](const auto& value) { add(auth_data(scope, value)); });
  }
  if (name == "trustedAnchors") {
    with(static_cast<const PublishTrustAnchors*>(nullptr), [&](const auto& value) { add(anchor_hashes(value)); });
  }
  if (name == "revokeRequest") {
    with(static_cast<const RevokeRequest*>(nullptr), [&](const auto& value) {
      if (value.passphrase) add(passphrase(scope, value));
    });
  }
  if (name == "batchRequests") {
    with(static_cast<const BatchRequests*>(nullptr), [&](const auto& value) { add(nested_named(scope, value.value)); });
  }
  if (name == "controlProcessed") {
    with(static_cast<const ControlsProcessed*>(nullptr),
         [&](const auto& value) { add(all_found(scope, value.body_list)); });
  }
  if (name == "modCertTemplate") {
    with(static_cast<const ModCertTemplate*>(nullptr), [&](const auto& value) {
      add(changed_requests(scope, value.pki_data_reference.ids, value.cert_references.ids, "CMC-5272-6.5.1-01"));
      add(by_ra(scope, "RA", {}));
    });
  }
  if (name == "addExtensions") {
    with(static_cast<const AddExtensions*>(nullptr), [&](const auto& value) {
      const BodyPartID where = value.pki_data_reference;
      add(changed_requests(scope, std::span(&where, 1), value.cert_references, "CMC-5272-6.5.2-02"));
      add(by_ra(scope, "RA", {}));
    });
  }
  if (!part.checks.empty()) parts_.push_back(std::move(part));
}

// --- identity ----------------------------------------------------------------------------------------------------

Check RequestChecker::identification(const Scope& scope) {
  const std::string named = scope.identification ? escape(scope.identification->chars()) : "nobody";
  if (scope.identification == options_.identification) return {"identification", Verdict::pass, named, {}, {}};
  return {"identification", Verdict::fail, "the message names " + named, "CMC-5272-6.2.3-01",
          "the secret is somebody else's"};
}

Check wrong_secret() {
  return {identity_proof_check, Verdict::fail, "not made with this secret, identification and reqSequence",
          "CMC-5272-6.2.1-02", "it is another secret, or the requests were changed; a server answers badIdentity"};
}

Check RequestChecker::identity_proof_v1(const Scope& scope, const TaggedAttribute& control) {
  const auto proof = decode_control<IdentityProof>(decoder_, control);
  if (!proof) return undecoded(identity_proof_check, proof.error());
  const auto known = secret(scope);
  if (!known) return no_secret(identity_proof_check, "SHA-1, HMAC with SHA-1");
  const SharedSecret shared{*known, scope.identification};
  const Octets requests = decoder_.original(scope.data.req_sequence.source.bytes);
  if (!check_identity_proof(shared, requests, *proof)) return wrong_secret();
  return {identity_proof_check, Verdict::pass, "SHA-1, HMAC with SHA-1, over reqSequence", {}, {}};
}

Check RequestChecker::identity_proof_v2(const Scope& scope, const TaggedAttribute& control) {
  const auto proof = decode_control<IdentityProofV2>(decoder_, control);
  if (!proof) return undecoded(identity_proof_check, proof.error());
  const std::string text = algorithms_text(proof->proof_alg_id, proof->mac_alg_id);
  const auto known = secret(scope);
  if (!known) return no_secret(identity_proof_check, text);
  const SharedSecret shared{*known, scope.identification};
  const auto good = check_identity_proof(shared, decoder_.original(scope.data.req_sequence.source.bytes), *proof);
  if (!good) return {identity_proof_check, Verdict::unknown, good.error().detail, good.error().rule, {}};
  if (!*good) return wrong_secret();
  return {identity_proof_check, Verdict::pass, text + ", over reqSequence", {}, {}};
}

Check RequestChecker::passphrase(const Scope& scope, const RevokeRequest& revoke) {
  constexpr std::string_view name = "passphrase";
  const auto known = secret(scope);
  if (!known) return no_secret(name, "revocation with a passphrase");
  if (equal_in_constant_time(*revoke.passphrase, *known))
    return {name, Verdict::pass, "is the secret", {}, {}};
  return {name, Verdict::fail, "is not the secret", {}, "a server answers badIdentity"};
}

// --- POP link ----------------------------------------------------------------------------------------------------

std::string_view key_text(LinkKey key) {
  return key == LinkKey::secret ? "keyed with the secret alone"
                                : "keyed with secret and identification, as Dogtag does";
}

Check RequestChecker::pop_link(const Scope& scope, const RequestPart& request, std::span<const Octets> randoms) {
  constexpr std::string_view name = "POP link";
  const auto fail = [&](std::string text, std::string_view rule) {
    return Check{name, Verdict::fail, std::move(text), rule, "a server answers popFailed"};
  };
  if (randoms.empty()) return fail("a witness without popLinkRandom", "CMC-5272-6.3.1.1-02");
  if (randoms.size() > 1) return fail("several popLinkRandom", "CMC-5272-6.3.1.3-01");
  if (!request.pop_link_witness && !request.pop_link_witness_v2) {
    return fail("popLinkRandom, and no witness in this request", "CMC-5272-6.3.1.1-06");
  }
  const auto known = secret(scope);
  if (!known) return no_secret(name, "a witness made with a shared secret");
  const SharedSecret shared{*known, scope.identification};
  std::optional<LinkKey> key;
  std::string how;
  if (request.pop_link_witness) {
    const auto witness = decoder_.decode<PopLinkWitness>(*request.pop_link_witness);
    if (!witness) return undecoded(name, witness.error());
    key = check_pop_link(shared, randoms[0], *witness);
    if (!key) return fail("popLinkWitness is not made with this secret and popLinkRandom", "CMC-5272-6.3.1.2-01");
    how = "SHA-1, HMAC with SHA-1";
  }
  if (request.pop_link_witness_v2) {
    const auto witness = decoder_.decode<PopLinkWitnessV2>(*request.pop_link_witness_v2);
    if (!witness) return undecoded(name, witness.error());
    Limits limits = decoder_.limits();
    limits.pbkdf2_iterations /= ++derivations_;  // many witnesses take hardly longer than one
    const auto found = check_pop_link(decoder_, shared, randoms[0], *witness, limits);
    if (!found) return {name, Verdict::unknown, found.error().detail, found.error().rule, "raise the limit: --limit"};
    if (!*found) return fail("popLinkWitnessV2 is not made with this secret and popLinkRandom", "CMC-5272-6.3.1.1-03");
    key = *found;
    how = algorithms_text(witness->key_gen_algorithm, witness->mac_algorithm);
  }
  return {name, Verdict::pass, how + ", " + std::string(key_text(*key)), {}, {}};
}

// Section 6.3.2: without a witness it is the name, known with the secret, that ties the requests to the proof.
Check RequestChecker::same_subject(const Scope& scope, const RequestPart& request) {
  constexpr std::string_view name = "subject";
  const auto& first = index_.requests(scope.layer).front().subject;
  if (!request.subject || tlv::first(request.subject->der).content.empty()) {
    return {name, Verdict::fail, "no subject, and no POP link either", "CMC-5272-6.3.2-03",
            "nothing ties the key to the identity"};
  }
  if (!first || *first != *request.subject) {
    return {name, Verdict::fail, "another subject than the first request's, and no POP link", "CMC-5272-6.3.2-02",
            "nothing ties the key to the identity"};
  }
  return {name,
          Verdict::pass,
          escape(name_text(request.subject->der)) + ": the server has to know it as the secret's owner",
          {},
          {}};
}

void RequestChecker::pop_links(const Scope& scope) {
  std::vector<Octets> randoms;
  bool identity = false;
  for (const TaggedAttribute& control : scope.data.control_sequence) {
    identity = identity || is_control(control, "identityProof") || is_control(control, "identityProofV2");
    if (!is_control(control, "popLinkRandom")) continue;
    const auto random = decode_control<PopLinkRandom>(decoder_, control);
    randoms.push_back(random ? random->value : Octets());
  }
  const auto& requests = index_.requests(scope.layer);
  const bool linked = !randoms.empty() || std::ranges::any_of(requests, [](const RequestPart& request) {
    return request.pop_link_witness || request.pop_link_witness_v2;
  });
  const bool by_name = identity && scope.sender != Sender::certified && scope.sender != Sender::ra;
  if (!linked && !by_name) return;
  for (const RequestPart& request : requests) {
    const auto found = requests_.find(request.path);
    if (found == requests_.end()) continue;
    parts_[found->second].checks.push_back(linked ? pop_link(scope, request, randoms) : same_subject(scope, request));
  }
}

// --- what an RA says ---------------------------------------------------------------------------------------------

Check RequestChecker::by_ra(const Scope& scope, std::string_view name, std::string_view rule_for_requester) const {
  constexpr std::string_view authority = "CMC-6402-2.12-01";
  switch (scope.sender) {
    case Sender::ra:
      return {name, Verdict::pass, "said by an RA (id-kp-cmcRA)", {}, {}};
    case Sender::requester:
      return {name, Verdict::fail, "said by the requester, and only an RA may",
              rule_for_requester.empty() ? authority : rule_for_requester, "a server refuses this"};
    case Sender::certified:
      return {name, Verdict::fail, "the signer's certificate has no id-kp-cmcRA", authority, "a server refuses this"};
    case Sender::unknown:
      return {name, Verdict::unknown, "only an RA may say this, and the signer is not verified", authority,
              "give --trust FILE"};
    default:
      return {name, Verdict::fail, "only an RA may say this, and no signature holds", authority,
              "a server refuses this"};
  }
}

// What was open about the possession of a key is settled.
void RequestChecker::settle_possession(const Layer& layer, BodyPartID id, const std::string& text) {
  const BodyPart* const part = index_.find(layer, id);
  if (part == nullptr || !part->request) return;
  const auto found = requests_.find(index_.requests(layer)[*part->request].path);
  if (found == requests_.end()) return;
  for (Check& check : parts_[found->second].checks) {
    if (check.name == possession && check.verdict == Verdict::unknown)
      check = {possession, Verdict::pass, text, {}, {}};
  }
}

void RequestChecker::ra_verified(const Scope& scope) {
  for (const RequestPart& request : index_.requests(scope.layer)) {
    const auto found = request.ra_verified ? requests_.find(request.path) : requests_.end();
    if (found == requests_.end()) continue;
    for (Check& check : parts_[found->second].checks) {
      if (check.name != possession || check.verdict != Verdict::unknown) continue;
      check = by_ra(scope, possession, "CMC-4211-4-01");
      check.text = "raVerified: " + check.text;
    }
  }
}

const Layer* RequestChecker::data_layer(const Scope& scope, std::span<const BodyPartID> path) {
  if (path.size() == 1 && path[0].value() == 0) return &scope.layer;
  const auto found = index_.find(scope.layer, path);
  if (found.part == nullptr || !found.part->nested || *found.part->nested >= found.layer->nested.size()) return nullptr;
  const Layer& nested = found.layer->nested[*found.part->nested];
  return std::holds_alternative<PKIData>(nested.content) ? &nested : nullptr;
}

Check RequestChecker::requests_named(const Layer& layer, std::span<const BodyPartID> ids, std::string_view rule) {
  for (const BodyPartID id : ids) {
    const BodyPart* const part = index_.find(layer, id);
    if (part != nullptr && part->request) continue;
    return {references, Verdict::fail,
            body_part_text(id) + (part == nullptr ? " does not exist" : " is no certification request"), rule,
            "the sender's software is at fault; a server answers badRequest"};
  }
  return {references, Verdict::pass, std::to_string(ids.size()) + (ids.size() == 1 ? " request" : " requests"), {}, {}};
}

Check RequestChecker::changed_requests(const Scope& scope, std::span<const BodyPartID> where,
                                       std::span<const BodyPartID> ids, std::string_view rule) {
  const Layer* const layer = data_layer(scope, where);
  if (layer != nullptr) return requests_named(*layer, ids, rule);
  return {references, Verdict::fail, path_text(where) + " is no PKIData here", rule,
          "the sender's software is at fault; a server answers badRequest"};
}

void RequestChecker::lra_pop_witness(const Scope& scope, const LraPopWitness& witness, VerifiedPart& part) {
  const BodyPartID where = witness.pki_data_bodyid;
  const Layer* const layer = data_layer(scope, std::span(&where, 1));
  part.checks.push_back(layer != nullptr ? requests_named(*layer, witness.body_ids, "CMC-5272-6.8-02")
                                         : changed_requests(scope, std::span(&where, 1), {}, "CMC-5272-6.8-01"));
  part.checks.push_back(by_ra(scope, "RA", "CMC-5272-6.8-05"));
  if (worst(part.checks) != Verdict::pass) return;
  for (const BodyPartID id : witness.body_ids) settle_possession(*layer, id, "an RA has seen it: lraPOPWitness");
}

void RequestChecker::ra_identity_witness(const Scope& scope, const RaIdentityWitness& witness, VerifiedPart& part) {
  const auto found = index_.find(scope.layer, witness.value);
  bool fits = false;
  if (found.part != nullptr && found.part->control) {
    const TaggedAttribute& control = controls_of(*found.layer)[*found.part->control];
    fits = is_control(control, "identityProof") || is_control(control, "identityProofV2");
  }
  if (found.part != nullptr && found.part->request) {
    const TaggedRequest* const tagged = index_.requests(*found.layer)[*found.part->request].tagged;
    fits = fits || std::holds_alternative<TaggedCertificationRequest>(tagged->choice);
  }
  fits = fits || data_layer(scope, witness.value) != nullptr;
  if (fits) {
    part.checks.push_back({references, Verdict::pass, path_text(witness.value), {}, {}});
  } else {
    part.checks.push_back({references, Verdict::fail,
                           path_text(witness.value) +
                               (found.part == nullptr ? " does not exist" : " is no identity proof or PKI Request"),
                           "CMC-6402-2.5-03", "the sender's software is at fault; a server answers badRequest"});
  }
  part.checks.push_back(by_ra(scope, "RA", "CMC-6402-2.5-02"));
}

// --- POP, other references ---------------------------------------------------------------------------------------

void RequestChecker::decrypted_pop(const Scope& scope, const DecryptedPOP& pop, VerifiedPart& part) {
  part.checks.push_back(requests_named(scope.layer, std::span(&pop.body_part_id, 1), "CMC-5272-6.7-13"));
  if (part.checks.back().verdict != Verdict::pass) return;
  constexpr std::string_view name = "decrypted POP";
  if (!options_.proof_value) {
    part.checks.push_back(
        {name, Verdict::unknown, "an answer to a challenge", {}, "who made the challenge gives --proof-value SOURCE"});
    return;
  }
  const BodyPart* const named = index_.find(scope.layer, pop.body_part_id);
  const TaggedRequest& request = scope.data.req_sequence[*named->request];
  const auto good = check_decrypted_pop(pop, decoder_.original(request.source.bytes), *options_.proof_value);
  if (!good) {
    part.checks.push_back({name, Verdict::unknown, good.error().detail, good.error().rule, {}});
  } else if (!*good) {
    part.checks.push_back({name, Verdict::fail, "not made with the POP Proof Value and this request", "CMC-5272-6.7-15",
                           "a server answers popFailed"});
  } else {
    part.checks.push_back({name, Verdict::pass, "made with the POP Proof Value", {}, {}});
    settle_possession(scope.layer, pop.body_part_id, "the challenge was answered: decryptedPOP");
  }
}

Check RequestChecker::auth_data(const Scope& scope, const AuthPublish& reference) {
  const auto refuse = [](std::string text, std::string_view rule) {
    return Check{references, Verdict::fail, std::move(text), rule, "a server answers authDataFail"};
  };
  const BodyPart* const part = index_.find(scope.layer, reference.value);
  if (part == nullptr || !part->nested || *part->nested >= scope.layer.nested.size()) {
    return refuse(body_part_text(reference.value) + " is not in cmsSequence", "CMC-5272-6.16-01");
  }
  const Layer& nested = scope.layer.nested[*part->nested];
  if (!std::holds_alternative<AuthenticatedData>(nested.cms)) {
    return refuse(body_part_text(reference.value) + " is no AuthenticatedData", "CMC-5272-6.16-01");
  }
  if (!std::holds_alternative<PKIData>(nested.content)) {
    return refuse("no PKIData in the AuthenticatedData", "CMC-5272-6.16-02");
  }
  return {references, Verdict::pass, "AuthenticatedData with PKIData", {}, {}};
}

// What is encrypted may be one.
bool may_be_request(const Layer& layer) {
  return std::holds_alternative<PKIData>(layer.content) || std::holds_alternative<EnvelopedData>(layer.cms) ||
         std::holds_alternative<AuthEnvelopedData>(layer.cms);
}

Check RequestChecker::nested_named(const Scope& scope, std::span<const BodyPartID> ids) {
  for (const BodyPartID id : ids) {
    const BodyPart* const part = index_.find(scope.layer, id);
    const bool is_nested = part != nullptr && part->nested && *part->nested < scope.layer.nested.size();
    if (is_nested && may_be_request(scope.layer.nested[*part->nested])) continue;
    return {references, Verdict::fail, body_part_text(id) + " is no PKI Request in cmsSequence", "CMC-5272-6.17-01",
            "the sender's software is at fault; a server answers badRequest"};
  }
  return {references, Verdict::pass, std::to_string(ids.size()) + (ids.size() == 1 ? " message" : " messages"), {}, {}};
}

Check RequestChecker::all_found(const Scope& scope, const List<BodyPartReference>& list) {
  for (const BodyPartReference& reference : list) {
    const auto* const id = std::get_if<BodyPartID>(&reference.choice);
    const auto path = id != nullptr ? std::span<const BodyPartID>(id, 1)
                                    : std::span<const BodyPartID>(std::get<BodyPartPath>(reference.choice).ids);
    if (index_.find(scope.layer, path).part != nullptr) continue;
    return {references, Verdict::fail, path_text(path) + " does not exist", "CMC-5272-6.19-02",
            "the sender's software is at fault"};
  }
  return {references,
          Verdict::pass,
          std::to_string(list.size()) + (list.size() == 1 ? " body part" : " body parts"),
          {},
          {}};
}

Check RequestChecker::anchor_hashes(const PublishTrustAnchors& anchors) {
  constexpr std::string_view name = "hashes";
  const auto hash = hash_of(anchors.hash_algorithm);
  if (!hash) return {name, Verdict::unknown, hash.error().detail, hash.error().rule, {}};
  for (const Octets value : anchors.anchor_hashes) {
    if (value.size() == output_octets(*hash)) continue;
    return {name, Verdict::fail,
            "a hash of " + std::to_string(value.size()) + " octets with " + std::string(to_string(*hash)),
            "CMC-5272-6.15-04", "do not take these trust anchors"};
  }
  return {name,
          Verdict::pass,
          std::to_string(anchors.anchor_hashes.size()) + " of " + std::string(to_string(*hash)),
          {},
          {}};
}

}  // namespace

void check_request(Decoder& decoder, const Message& message, const RequestCheckOptions& options,
                   std::vector<VerifiedPart>& parts) {
  RequestChecker(decoder, options, parts).run(message);
}

}  // namespace cmcctl
