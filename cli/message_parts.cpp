#include "message_parts.hpp"

#include <cmcctl/codec/message.hpp>
#include <cmcctl/codec/text.hpp>

namespace cmcctl::cli {
namespace {

std::vector<std::uint8_t> kept(Octets bytes) { return {bytes.begin(), bytes.end()}; }

MessagePart crmf_part(Decoder& decoder, const std::string& file, const CertReqMsg& message) {
  MessagePart part{MessagePart::Kind::crmf, file, kept(decoder.original(message.source.bytes))};
  const auto request = decoder.decode<CertRequest>(message.cert_req);
  const auto number = request ? BodyPartID::from(request->cert_req_id) : Result<BodyPartID>(request.error());
  if (number) part.id = *number;
  return part;
}

/// False for what goes into no PKIData.
bool take(Decoder& decoder, const std::string& file, const Layer& layer, std::vector<MessagePart>& parts) {
  if (const auto* messages = std::get_if<CertReqMessages>(&layer.content); messages != nullptr && !layer.content_info) {
    for (const CertReqMsg& message : messages->messages) parts.push_back(crmf_part(decoder, file, message));
    return true;
  }
  if (layer.kind == MessageKind::cert_req_msg) {
    parts.push_back(crmf_part(decoder, file, std::get<CertReqMsg>(layer.content)));
    return true;
  }
  const bool pkcs10 = layer.kind == MessageKind::simple_pki_request && !layer.content_info;
  if (!pkcs10 && !layer.content_info) return false;
  parts.push_back(
      {pkcs10 ? MessagePart::Kind::pkcs10 : MessagePart::Kind::message, file, kept(decoder.original(layer.bytes))});
  return true;
}

}  // namespace

OrExit<std::vector<MessagePart>> read_parts(const std::vector<std::string>& files, const Maker& maker,
                                            const ReadOptions& reading) {
  std::vector<MessagePart> parts;
  for (const std::string& file : files) {
    const Input input = read_input(file, maker.io(), reading);
    if (!input.problem.empty()) return maker.fail(ExitCode::io, escape(file) + ": " + input.problem);
    if (input.error) return maker.refuse(file, *input.error);
    for (const InputBlock& block : input.blocks) {
      Decoder decoder(limits_of(reading));
      const auto message = open_message(decoder, Octets(block.bytes));
      if (!message) return maker.refuse(file, message.error());
      if (!message->errors.empty()) return maker.refuse(file, message->errors.front());
      if (!take(decoder, file, message->layer, parts)) {
        return maker.refuse(file, Error{Errc::not_a_message,
                                        0,
                                        {},
                                        {},
                                        "expected a PKCS #10, a CRMF request or a CMC "
                                        "message, found " +
                                            std::string(to_string(message->layer.kind))});
      }
    }
  }
  return parts;
}

}  // namespace cmcctl::cli
