#include <cmcctl/codec/controls.hpp>

#include <sstream>
#include <string>
#include <vector>

#include <cmcctl/codec/cmc.hpp>
#include <cmcctl/codec/inspect.hpp>
#include <cmcctl/codec/values.hpp>

#include "fuzz_check.hpp"

using namespace cmcctl;

namespace {

using Check = void (*)(Octets);

template <class... T>
Check check_of(const TypeCodec& codec) {
  Check check = nullptr;
  ((&codec == &type_codec<T>() ? void(check = check_decoder<T>) : void()), ...);
  return check;
}

/// What holds the decoder of this row to its promises.
Check check_of(const ControlRow& row) {
  return check_of<CMCUnsignedData, CmcAddAttributes, CMCStatusInfo, Identification, IdentityProof, DataReturn,
                  TransactionId, SenderNonce, RecipientNonce, AddExtensions, EncryptedPOP, DecryptedPOP, LraPopWitness,
                  GetCert, GetCRL, RevokeRequest, RegInfo, ResponseInfo, QueryPending, PopLinkRandom, PopLinkWitness,
                  CMCCertId, CMCStatusInfoV2, PublishTrustAnchors, AuthPublish, BatchRequests, BatchResponses,
                  CMCPublicationInfo, ModCertTemplate, ControlsProcessed, PopLinkWitnessV2, IdentityProofV2,
                  RaIdentityWitness, ChangeSubjectName, ResponseBody>(row.codec());
}

/// A PKIData with this one control.
std::vector<std::uint8_t> pki_data(Octets identifier, const Any& value) {
  TaggedAttribute control;
  control.body_part_id = BodyPartID(1);
  control.attr_type = Oid{identifier};
  control.attr_values = List<Any>(std::span(&value, 1));
  PKIData data;
  data.control_sequence = List<TaggedAttribute>(std::span(&control, 1));
  const auto encoded = encode(data);
  FUZZ_CHECK(encoded);
  return *encoded;
}

}  // namespace

/// The first octet picks the control, the rest is its value: decoded in its type, encoded again, and shown.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto rows = control_rows();
  const ControlRow& row = rows[data[0] % rows.size()];
  const Octets value(data + 1, data + size);
  const Check check = check_of(row);
  FUZZ_CHECK(check != nullptr);
  check(value);
  Decoder scanner;
  const auto der = scanner.scan(value);
  if (!der) return 0;

  const auto identifier = oid_content(row.oid);
  const auto bytes = pki_data(Octets(*identifier), *der);
  Decoder decoder;
  const auto message = open_message(decoder, Octets(bytes));
  if (!message) return 0;  // limits
  std::ostringstream text;
  inspect_text(text, decoder, *message, {"fuzz", "DER", {}}, {});
  FUZZ_CHECK(is_valid_utf8(Octets(text.view())));
  FUZZ_CHECK(text.view().find(row.name) != std::string_view::npos);
  return 0;
}
