#include <algorithm>
#include <string>
#include <vector>

#include <cmcctl/cmc/pki_data.hpp>
#include <cmcctl/codec/message.hpp>

#include "fuzz_check.hpp"
#include "scan.hpp"

using namespace cmcctl;

namespace {

/// Steps out of octets: what to do, how many octets it takes, those octets.
class Program {
 public:
  explicit Program(Octets octets) : rest_(octets) {}

  bool at_end() const { return rest_.size() < 2; }
  std::uint8_t step() {
    const std::uint8_t octet = rest_[0];
    rest_ = rest_.from(1);
    return octet;
  }
  Octets argument() {
    if (rest_.empty()) return rest_;
    // 0xF0 and above: all that is left, as elements that are long may be.
    const std::size_t size = rest_[0] >= 0xF0 ? rest_.size() - 1 : std::min<std::size_t>(rest_[0], rest_.size() - 1);
    const Octets octets = rest_.sub(1, size);
    rest_ = rest_.from(1 + size);
    return octets;
  }

 private:
  Octets rest_;
};

/// What is put in, and whether all of it was DER.
class Builder {
 public:
  void run(Program program) {
    while (!program.at_end()) {
      const std::uint8_t what = program.step();
      step(what, program.argument());
    }
  }
  void check() const;

 private:
  void note(Octets element) { der_ = der_ && scan_der(element, Limits{}).outcome == Scan::Outcome::der; }
  void step(std::uint8_t what, Octets argument);

  PkiDataBuilder data_;
  std::vector<std::uint8_t> secret_;
  std::optional<std::string> identification_;
  bool der_ = true;
};

void Builder::step(std::uint8_t what, Octets argument) {
  const auto rows = control_rows();
  const auto id = (what & 0x80) != 0 ? std::optional(BodyPartID(what & 0x07u)) : std::nullopt;
  switch (what & 0x7F) {
    case 0:
      if (data_.request(argument, id)) note(argument);
      return;
    case 1:
      if (data_.nested(argument, id)) note(argument);
      return;
    case 2:
      if (data_.other_msg("1.2.3", argument, id)) note(argument);
      return;
    case 3:
      if (data_.other_request("1.2.3", argument, id)) note(argument);
      return;
    case 4:
      if (data_.identification(argument.chars())) identification_ = argument.chars();
      return;
    case 5:
      if (secret_.empty() && !argument.empty() && data_.identity_proof(argument, IdentityProofs::both)) {
        secret_.assign(argument.begin(), argument.end());
      }
      return;
    case 6:
      data_.reserve(BodyPartID(argument.empty() ? 1u : argument[0]));
      return;
    case 7:
      (void)data_.sender_nonce(argument);
      return;
    default:
      if (data_.control(rows[what % rows.size()].name, argument, id)) note(argument);
  }
}

void take_id(std::vector<std::uint32_t>& ids, BodyPartID id) {
  FUZZ_CHECK(id.value() != 0);
  ids.push_back(id.value());
}

void Builder::check() const {
  const auto made = data_.der();
  if (!made) return;
  Decoder decoder;
  const auto decoded = decoder.decode<PKIData>(Octets(*made));
  // Its parts may be as deep and as many as the limits allow; then the whole is more.
  if (!decoded && decoded.error().code == Errc::limit_exceeded) return;
  FUZZ_CHECK(decoded.ok());
  FUZZ_CHECK(!der_ || scan_der(Octets(*made), Limits{}).outcome == Scan::Outcome::der);

  std::vector<std::uint32_t> ids;
  for (const auto& control : decoded->control_sequence) take_id(ids, control.body_part_id);
  for (const auto& nested : decoded->cms_sequence) take_id(ids, nested.body_part_id);
  for (const auto& other : decoded->other_msg_sequence) take_id(ids, other.body_part_id);
  for (const auto& request : decoded->req_sequence) {
    const auto id = body_part_id(decoder, request);
    FUZZ_CHECK(id.has_value());
    take_id(ids, *id);
  }
  std::ranges::sort(ids);
  FUZZ_CHECK(std::ranges::adjacent_find(ids) == ids.end());

  SharedSecret shared{secret_};
  if (identification_) shared.identification = Octets(std::string_view(*identification_));
  for (const auto& control : decoded->control_sequence) {
    if (secret_.empty() || to_string(control.attr_type) != control_row("identityProofV2")->oid) continue;
    const auto proof = decode_control<IdentityProofV2>(decoder, control);
    if (!proof) continue;  // one that the input put in
    const auto right = check_identity_proof(shared, decoder.original(decoded->req_sequence.source.bytes), *proof);
    FUZZ_CHECK(right && *right);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Builder builder;
  builder.run(Program(Octets(data, data + size)));
  builder.check();
  return 0;
}
