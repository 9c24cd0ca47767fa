#include <cmcctl/cmc/transaction.hpp>

#include <cmcctl/cmc/body_parts.hpp>
#include <cmcctl/crypto/random.hpp>

namespace cmcctl {
namespace {

template <class Status>
void take_token(const Status& status, std::vector<Octets>& tokens) {
  if (!status.other_info) return;
  const auto* const pending = std::get_if<PendInfo>(&status.other_info->choice);
  if (pending != nullptr) tokens.push_back(pending->pend_token);
}

template <class Control, class Value>
Result<void> take_value(Decoder& decoder, const TaggedAttribute& control, std::optional<Value>& value) {
  CMC_TRY(const auto decoded, decode_control<Control>(decoder, control));
  if (!value) value = decoded.value;
  return {};
}

}  // namespace

Result<Transaction> transaction_of(Decoder& decoder, const List<TaggedAttribute>& controls) {
  Transaction found;
  for (const TaggedAttribute& control : controls) {
    const ControlRow* const row = control_row(control.attr_type);
    if (row == nullptr) continue;
    if (row->name == "transactionId") CMC_CHECK(take_value<TransactionId>(decoder, control, found.id));
    if (row->name == "senderNonce") CMC_CHECK(take_value<SenderNonce>(decoder, control, found.sender_nonce));
    if (row->name == "dataReturn") CMC_CHECK(take_value<DataReturn>(decoder, control, found.data_return));
    if (row->name == "statusInfoV2") {
      CMC_TRY(const auto status, decode_control<CMCStatusInfoV2>(decoder, control));
      take_token(status, found.pend_tokens);
    }
    if (row->name == "statusInfo") {
      CMC_TRY(const auto status, decode_control<CMCStatusInfo>(decoder, control));
      take_token(status, found.pend_tokens);
    }
  }
  return found;
}

SecretOctets new_transaction_id() {
  SecretOctets octets = random_octets(nonce_octets);
  octets[0] = static_cast<std::uint8_t>((octets[0] & 0x7F) | 0x40);
  return octets;
}

}  // namespace cmcctl
