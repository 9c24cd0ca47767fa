#include <cmcctl/cmc/pop_messages.hpp>

#include <unordered_set>

#include <cmcctl/cmc/pki_data.hpp>
#include <cmcctl/cmc/pki_response.hpp>
#include <cmcctl/codec/tlv.hpp>
#include <cmcctl/crypto/random.hpp>

#include "part_index.hpp"

namespace cmcctl {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::string_view no_signature = "1.3.6.1.5.5.7.6.2";

Error no_such_request(std::string detail) {
  return {Errc::value_out_of_range, 0, "PKIData.reqSequence", "CMC-5272-6.7-06", std::move(detail)};
}

// A signature proves possession in one message.
bool is_unproved(Decoder& decoder, const TaggedRequest& request) {
  if (const auto* crmf = std::get_if<CertReqMsg>(&request.choice)) {
    if (!crmf->popo) return true;
    const auto* encipherment = std::get_if<ProofOfPossession::KeyEncipherment>(&crmf->popo->choice);
    const auto* agreement = std::get_if<ProofOfPossession::KeyAgreement>(&crmf->popo->choice);
    const auto asks = [](const auto* popo) {
      return popo != nullptr && std::holds_alternative<SubsequentMessage>(popo->value.choice);
    };
    return asks(encipherment) || asks(agreement);
  }
  const auto* tcr = std::get_if<TaggedCertificationRequest>(&request.choice);
  if (tcr == nullptr) return false;
  const auto outer = decoder.decode<CertificationRequest>(tcr->certification_request);
  return outer && to_string(outer->signature_algorithm.algorithm) == no_signature;
}

const PKIData* data_of(const OpenedMessage& message) { return std::get_if<PKIData>(&message.message.layer.content); }

const TaggedRequest* find_request(const OpenedMessage& message, BodyPartID id) {
  const PKIData* const data = data_of(message);
  if (data == nullptr) return nullptr;
  for (const TaggedRequest& request : data->req_sequence) {
    if (body_part_id(message.decoder, request) == id) return &request;
  }
  return nullptr;
}

// --- the server's message ----------------------------------------------------------------------------------------

Result<void> add_pop_required(PkiResponseBuilder& response, BodyPartID id, PopForm form) {
  const BodyPartReference reference{id};
  CMCStatusInfoV2 status;
  status.cmc_status = CMCStatus::popRequired;
  status.body_list = List<BodyPartReference>(std::span<const BodyPartReference>(&reference, 1));
  if (form == PopForm::dogtag) status.other_info = CMCStatusInfoV2::OtherInfo{CMCFailInfo::popRequired};
  return response.status(status);
}

// --- the client's messages ---------------------------------------------------------------------------------------

// A message of the client's, with what ties it to the server's.
class NextRequest {
 public:
  explicit NextRequest(const OpenedMessage& response) : response_(response) {}

  Result<PopAnswerMessage> answer(std::span<PrivateKey* const> keys, const Limits& limits, const AddMore& more) {
    const auto challenges = this->challenges();
    if (!challenges) return challenges.error();
    for (const EncryptedPOP& challenge : *challenges) CMC_CHECK(add_request(challenge.request));
    PopForm form = PopForm::rfc10002;
    for (const EncryptedPOP& challenge : *challenges) {
      CMC_TRY(PrivateKey* const key, key_for(challenge.request, keys));
      CMC_TRY(const BodyPartID id, id_of(challenge.request));
      CMC_TRY(const PopAnswer answer, answer_pop_challenge(decoder(), challenge, *key, id, limits));
      CMC_CHECK(data_.control("decryptedPOP", answer.decrypted_pop));
      if (answer.form == PopForm::dogtag) form = PopForm::dogtag;
    }
    const auto info = control_value<ResponseInfo>(decoder(), layer(), "responseInfo");
    if (form == PopForm::dogtag && info) CMC_CHECK(data_.reg_info(info->value));
    if (more) CMC_CHECK(more(data_));
    CMC_TRY(Bytes pki_data, finished());
    return PopAnswerMessage{std::move(pki_data), form};
  }

  Result<Bytes> abort(const AddMore& more) {
    const auto challenges = this->challenges();
    if (!challenges) return challenges.error();
    std::vector<BodyPartReference> references;
    for (const EncryptedPOP& challenge : *challenges) {
      CMC_TRY(const BodyPartID id, id_of(challenge.request));
      references.push_back({id});
    }
    CMCStatusInfoV2 status;
    status.cmc_status = CMCStatus::failed;
    status.body_list = List<BodyPartReference>(std::span<const BodyPartReference>(references));
    status.other_info = CMCStatusInfoV2::OtherInfo{CMCFailInfo::popFailed};
    CMC_CHECK(data_.status_info(status));
    if (more) CMC_CHECK(more(data_));
    return finished();
  }

  Result<std::vector<EncryptedPOP>> challenges() {
    std::vector<EncryptedPOP> found;
    for (const TaggedAttribute& control : controls_of(layer())) {
      if (!is_control(control, "encryptedPOP")) continue;
      CMC_TRY(EncryptedPOP challenge, decode_control<EncryptedPOP>(decoder(), control));
      found.push_back(std::move(challenge));
    }
    if (!found.empty()) return found;
    return Error{Errc::missing_member, 0, "PKIResponse.controlSequence", {}, "there is no encryptedPOP in it"};
  }

 private:
  Decoder& decoder() { return response_.decoder; }
  const Layer& layer() { return response_.message.layer; }

  Result<BodyPartID> id_of(const TaggedRequest& request) {
    const auto id = body_part_id(decoder(), request);
    if (id) return *id;
    return Error{Errc::value_out_of_range, 0, "EncryptedPOP.request", "CMC-5272-3.2.2-01", "no body part identifier"};
  }

  Result<void> add_request(const TaggedRequest& request) {
    CMC_TRY(const BodyPartID id, id_of(request));
    if (const auto* tcr = std::get_if<TaggedCertificationRequest>(&request.choice)) {
      CMC_CHECK(data_.request(decoder().original(tcr->certification_request.der), id));
    } else if (const auto* orm = std::get_if<OtherReqMsg>(&request.choice)) {
      CMC_CHECK(data_.other_request(to_string(orm->request_message_type), orm->request_message_value.der, id));
    } else {
      const Octets tagged = decoder().original(request.source.bytes);
      Bytes message(tagged.begin(), tagged.end());
      message[0] = tlv::sequence;
      CMC_CHECK(data_.request(message));
    }
    return {};
  }

  Result<PrivateKey*> key_for(const TaggedRequest& request, std::span<PrivateKey* const> keys) {
    const RequestPart part = request_part(decoder(), request);
    CMC_TRY(const PublicKey wanted, PublicKey::from_spki(part.public_key));
    for (PrivateKey* const key : keys) {
      if (key->public_key().is_same(wanted)) return key;
    }
    const auto id = part.id ? std::to_string(part.id->value()) : "?";
    return Error{Errc::no_key, 0, {}, {}, "none of the keys is that of body part " + id + ", " + wanted.text()};
  }

  Result<Bytes> finished() {
    const auto transaction = control_value<TransactionId>(decoder(), layer(), "transactionId");
    if (transaction) CMC_CHECK(data_.transaction_id(transaction->value));
    CMC_CHECK(data_.sender_nonce(random_octets(nonce_octets)));
    const auto nonce = control_value<SenderNonce>(decoder(), layer(), "senderNonce");
    if (nonce) CMC_CHECK(data_.recipient_nonce(nonce->value));
    return data_.der();
  }

  const OpenedMessage& response_;
  PkiDataBuilder data_;
};

}  // namespace

Result<BodyPartID> request_to_challenge(const OpenedMessage& request, std::optional<BodyPartID> id) {
  const PKIData* const data = data_of(request);
  if (data == nullptr) return no_such_request("this is no Full PKI Request");
  if (id) {
    if (find_request(request, *id) != nullptr) return *id;
    return no_such_request("there is no request with the body part identifier " + std::to_string(id->value()));
  }
  std::vector<BodyPartID> unproved;
  for (const TaggedRequest& tagged : data->req_sequence) {
    const auto found = is_unproved(request.decoder, tagged) ? body_part_id(request.decoder, tagged) : std::nullopt;
    if (found) unproved.push_back(*found);
  }
  if (unproved.size() == 1) return unproved.front();
  return no_such_request(unproved.empty() ? "every request has a proof of possession; name one with --part"
                                          : std::to_string(unproved.size()) +
                                                " requests lack a proof of possession; name one with --part");
}

Result<PopChallengeMessage> make_challenge_message(const OpenedMessage& request, BodyPartID id,
                                                   const PopChallengeOptions& options, Octets response_info) {
  const TaggedRequest* const tagged = find_request(request, id);
  if (tagged == nullptr) return no_such_request("there is no such request");
  Decoder& decoder = request.decoder;
  CMC_TRY(PopChallenge challenge, make_pop_challenge(decoder, *tagged, options));
  const Layer& layer = request.message.layer;
  PkiResponseBuilder response;
  CMC_CHECK(response.control("encryptedPOP", challenge.encrypted_pop));
  CMC_CHECK(add_pop_required(response, id, options.form));
  if (!response_info.empty()) CMC_CHECK(response.response_info(response_info));
  const auto data = control_value<DataReturn>(decoder, layer, "dataReturn");
  if (data) CMC_CHECK(response.data_return(data->value));
  const auto transaction = control_value<TransactionId>(decoder, layer, "transactionId");
  if (transaction) CMC_CHECK(response.transaction_id(transaction->value));
  const auto nonce = control_value<SenderNonce>(decoder, layer, "senderNonce");
  if (nonce) CMC_CHECK(response.recipient_nonce(nonce->value));
  CMC_CHECK(response.sender_nonce(random_octets(nonce_octets)));
  CMC_TRY(Bytes der, response.der());
  return PopChallengeMessage{std::move(der), std::move(challenge.proof_value)};
}

Result<PopAnswerMessage> make_answer_message(const OpenedMessage& response, std::span<PrivateKey* const> keys,
                                             const Limits& limits, const AddMore& more) {
  return NextRequest(response).answer(keys, limits, more);
}

Result<std::vector<std::uint8_t>> make_abort_message(const OpenedMessage& response, const AddMore& more) {
  return NextRequest(response).abort(more);
}

bool challenges_are_for(const OpenedMessage& response, const OpenedMessage& request) {
  const auto challenges = NextRequest(response).challenges();
  const PKIData* const data = data_of(request);
  if (!challenges || data == nullptr) return false;
  std::unordered_set<std::string_view> sent;
  for (const TaggedRequest& tagged : data->req_sequence) {
    sent.insert(request.decoder.original(tagged.source.bytes).chars());
  }
  for (const EncryptedPOP& challenge : *challenges) {
    if (!sent.contains(response.decoder.original(challenge.request.source.bytes).chars())) return false;
  }
  return true;
}

}  // namespace cmcctl
