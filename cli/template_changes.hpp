#pragma once

#include <span>
#include <string>

#include <cmcctl/cmc/pki_data.hpp>

namespace cmcctl::cli {

/// RFC 10002 section 6.5.1, modCertTemplate. `replace` are texts "[NESTED:]ID,...=FIELD=VALUE", where FIELD is subject,
/// not-before, not-after or ext; `remove` are "[NESTED:]ID,...=FIELD", where it is subject, validity or the name of an
/// extension. Those for the same requests become one control.
Result<void> add_template_changes(PkiDataBuilder& data, std::span<const std::string> replace,
                                  std::span<const std::string> remove);

}  // namespace cmcctl::cli
