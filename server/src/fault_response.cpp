#include "fault_response.hpp"

#include <algorithm>

#include <cmcctl/cmc/full_message.hpp>
#include <cmcctl/cmc/pki_response.hpp>
#include <cmcctl/codec/message.hpp>
#include <cmcctl/codec/names.hpp>
#include <cmcctl/codec/tlv.hpp>
#include <cmcctl/crypto/random.hpp>

namespace cmcctl {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::string_view unknown_control = "2.999.10002";

bool has(std::span<const Fault> faults, std::string_view name) {
  return std::ranges::any_of(faults, [&](const Fault& fault) { return fault.row->name == name; });
}

const NamedNumber* named(std::span<const NamedNumber> numbers, std::string_view name) {
  const auto found = std::ranges::find(numbers, name, &NamedNumber::name);
  return found == numbers.end() ? nullptr : &*found;
}

/// What "failed,badRequest,text=..." says.
struct WantedStatus {
  CMCStatus status = CMCStatus::failed;
  std::optional<CMCFailInfo> fail_info;
  std::string text;

  explicit WantedStatus(std::string_view argument) {
    const std::size_t quote = argument.find("text=");
    if (quote != std::string_view::npos) {
      text = argument.substr(quote + 5);
      std::erase(text, '"');
      argument = argument.substr(0, quote);
    }
    while (!argument.empty()) {
      const std::size_t end = std::min(argument.find(','), argument.size());
      const std::string_view word = argument.substr(0, end);
      argument.remove_prefix(std::min(end + 1, argument.size()));
      if (const NamedNumber* const known = named(cmc_status_names(), word))
        status = static_cast<CMCStatus>(known->value);
      if (const NamedNumber* const known = named(cmc_fail_info_names(), word)) {
        fail_info = static_cast<CMCFailInfo>(known->value);
      }
    }
  }

  Result<void> add_to(PkiResponseBuilder& response) const {
    const BodyPartReference whole{BodyPartID(0)};
    CMCStatusInfoV2 info;
    info.cmc_status = status;
    info.body_list = std::span(&whole, 1);
    if (!text.empty()) info.status_string = Utf8String{Octets(std::string_view(text))};
    if (fail_info) info.other_info = CMCStatusInfoV2::OtherInfo{*fail_info};
    return response.status(info);
  }
};

/// A response taken apart, to be put together a little differently.
class Rewriter {
 public:
  Rewriter(std::span<const Fault> faults, Issuer& issuer) : faults_(faults), issuer_(issuer) {}

  /// False when there is nothing to be changed in this message.
  Result<bool> open(Octets message) {
    auto opened = open_message(decoder_, message);
    if (!opened) return taken(opened.error());
    message_ = std::move(*opened);
    response_ = std::get_if<PKIResponse>(&message_->layer.content);
    signed_data_ = std::get_if<SignedData>(&message_->layer.cms);
    return signed_data_ != nullptr;
  }

  Result<Bytes> write() {
    const SignedDataOptions options{certificates()};
    if (response_ == nullptr) return make_signed_data("1.2.840.113549.1.7.1", {}, {}, options);
    CMC_TRY(const Bytes content, changed_content());
    if (has(faults_, "unsigned")) return sign_full(FullContent::pki_response, content, {}, options);
    PrivateKey* key = issuer_.signing().key.get();
    std::unique_ptr<PrivateKey> other;
    if (has(faults_, "wrong-signer")) {
      CMC_TRY(other, generate_private_key("ec:P-256"));
      key = other.get();
    }
    const Signer signer{key, usual_scheme(key->public_key()), issuer_.certificate().der(), {}};
    return sign_full(FullContent::pki_response, content, {&signer, 1}, options);
  }

 private:
  std::span<const Bytes> certificates() {
    const bool drop = has(faults_, "drop-cert") || has(faults_, "status");
    for (const Any& one : signed_data_->certificates.value_or(List<Any>())) {
      const bool keep = !drop || one.der == issuer_.certificate().der();
      if (keep) certificates_.emplace_back(one.der.begin(), one.der.end());
    }
    return certificates_;
  }

  Result<Bytes> changed_content() const {
    PkiResponseBuilder response;
    for (const TaggedAttribute& control : response_->control_sequence) CMC_CHECK(copy(control, response));
    for (const TaggedContentInfo& nested : response_->cms_sequence) {
      CMC_CHECK(response.nested(nested.content_info.source.bytes, nested.body_part_id));
    }
    for (const Fault& fault : faults_) {
      if (fault.row->name == "status") CMC_CHECK(WantedStatus(fault.argument).add_to(response));
    }
    if (has(faults_, "unknown-critical-control")) {
      CMC_CHECK(response.control(unknown_control, Octets(std::string_view("\x05\x00", 2))));
    }
    return response.der();
  }

  Result<void> copy(const TaggedAttribute& control, PkiResponseBuilder& response) const {
    const ControlRow* const row = control_row(control.attr_type);
    const std::string_view name = row != nullptr ? row->name : std::string_view();
    if (has(faults_, "status") && (name == "statusInfo" || name == "statusInfoV2")) return {};
    if (control.attr_values.empty()) return {};
    Bytes other_value;
    if (name == "recipientNonce" && has(faults_, "nonce-mismatch")) {
      CMC_TRY(other_value, encode(RecipientNonce{random_octets(nonce_octets)}));
    } else if (name == "transactionId" && has(faults_, "transaction-mismatch")) {
      CMC_TRY(other_value, encode(TransactionId{Integer{integer_content(4'711)}}));
    }
    const Octets value = other_value.empty() ? control.attr_values[0].der : Octets(other_value);
    auto copied = response.control(to_string(control.attr_type), value, control.body_part_id);
    if (!copied) return taken(copied.error());
    return {};
  }

  std::span<const Fault> faults_;
  Issuer& issuer_;
  Decoder decoder_;
  std::optional<Message> message_;
  const PKIResponse* response_ = nullptr;
  const SignedData* signed_data_ = nullptr;
  std::vector<Bytes> certificates_;
};

// X.690 section 8.1.3.6.
Bytes with_indefinite_length(Octets element) {
  const Octets content = tlv::first(element).content;
  Bytes result{element[0], 0x80};
  result.insert(result.end(), content.begin(), content.end());
  result.insert(result.end(), 2, 0x00);
  return result;
}

}  // namespace

Result<void> apply_faults(std::span<const Fault> faults, Answer& answer, Issuer& issuer, const Answer& last) {
  const bool changes_content =
      std::ranges::any_of(faults, [](const Fault& fault) { return fault.row->stage == FaultStage::content; });
  if (changes_content) {
    Rewriter rewriter(faults, issuer);
    CMC_TRY(const bool can_change, rewriter.open(answer.body));
    if (can_change) {
      CMC_TRY(answer.body, rewriter.write());
    }
  }
  if (has(faults, "replay-last") && !last.body.empty()) answer = last;
  if (has(faults, "bad-signature") && !answer.body.empty()) answer.body.back() ^= 0x01;
  if (has(faults, "ber-indefinite")) answer.body = with_indefinite_length(answer.body);
  return {};
}

}  // namespace cmcctl
