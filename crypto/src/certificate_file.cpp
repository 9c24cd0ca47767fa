#include "certificate_file.hpp"

#include <cmcctl/codec/input.hpp>
#include <cmcctl/codec/message.hpp>
#include <cmcctl/codec/tlv.hpp>

#include "pkcs12.hpp"

namespace cmcctl {
namespace {

void take(std::vector<std::vector<std::uint8_t>>& to, Octets bytes) { to.emplace_back(bytes.begin(), bytes.end()); }

void take_elements(std::vector<std::vector<std::uint8_t>>& to, Decoder& decoder, const std::optional<List<Any>>& elements) {
  for (const Any& element : elements.value_or(List<Any>())) {
    if (element.der[0] == tlv::sequence) take(to, decoder.original(element.der));
  }
}

// False for what holds neither certificates nor CRLs.
bool take_message(CertificateFile& file, Octets bytes, const Limits& limits) {
  Decoder decoder(limits);
  const auto message = open_message(decoder, bytes);
  if (!message) return false;
  const Layer& layer = message->layer;
  if (std::holds_alternative<Certificate>(layer.content)) {
    take(file.certificates, bytes);
  } else if (std::holds_alternative<CertificateList>(layer.content)) {
    take(file.crls, bytes);
  } else if (const auto* data = std::get_if<SignedData>(&layer.cms)) {
    take_elements(file.certificates, decoder, data->certificates);
    take_elements(file.crls, decoder, data->crls);
  } else {
    return false;
  }
  return true;
}

Result<void> take_pkcs12(CertificateFile& file, Octets bytes, const PasswordAsker& ask, const Limits& limits) {
  CMC_TRY(SecretOctets password, ask());
  CMC_TRY(Pkcs12 opened, read_pkcs12(bytes, std::move(password), limits));
  if (opened.certificates.empty() && opened.skipped) return *opened.skipped;
  for (auto& certificate : opened.certificates) file.certificates.push_back(std::move(certificate));
  for (auto& crl : opened.crls) file.crls.push_back(std::move(crl));
  return {};
}

}  // namespace

Result<CertificateFile> certificates_from_file(Octets bytes, const PasswordAsker& ask, const Limits& limits) {
  CMC_TRY(auto blocks, read_blocks(bytes, limits));
  CertificateFile file;
  for (InputBlock& block : blocks) {
    if (block.label.ends_with("PRIVATE KEY")) {
      explicit_bzero(block.bytes.data(), block.bytes.size());
    } else if (is_pkcs12(block.bytes, limits)) {
      CMC_CHECK(take_pkcs12(file, block.bytes, ask, limits));
    } else if (!take_message(file, block.bytes, limits) && blocks.size() == 1) {
      return Error{Errc::no_key, 0, {}, {}, "neither a certificate nor a CRL is in it"};
    }
  }
  return file;
}

}  // namespace cmcctl
