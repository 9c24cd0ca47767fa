#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <cmcctl/cmc/pki_data.hpp>

#include "making.hpp"

namespace cmcctl::cli {

/// One thing that goes into PKIData.
struct MessagePart {
  enum class Kind : std::uint8_t { pkcs10, crmf, message } kind{};
  std::string file;
  std::vector<std::uint8_t> der;
  std::optional<BodyPartID> id{};  ///< the certReqId of a CertReqMsg that can be an identifier
};

/// The requests and the CMC messages of the files, in any form and in their order.
OrExit<std::vector<MessagePart>> read_parts(const std::vector<std::string>& files, const Maker& maker,
                                            const ReadOptions& reading);

}  // namespace cmcctl::cli
