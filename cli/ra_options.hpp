#pragma once

#include <span>
#include <string>
#include <vector>

#include <cmcctl/cmc/pki_data.hpp>

#include "command_line.hpp"

namespace cmcctl::cli {

/// What a registration authority says about the requests that it passes on.
struct RaOptions {
  std::vector<std::string> lra_pop;
  std::vector<std::string> ra_identity;
  std::vector<std::string> modify;
  std::vector<std::string> remove;
  std::vector<std::string> add_extensions;
  std::string control_processed;
  bool batch = false;
};

void add_ra_options(Command command, RaOptions& options);

/// Adds their controls; `nested` are the CMC messages in the message. `not_encodable` for a reference to nothing.
Result<void> add_ra_controls(PkiDataBuilder& data, const RaOptions& options, std::span<const BodyPartID> nested);

}  // namespace cmcctl::cli
