#pragma once

#include <iosfwd>
#include <string_view>

#include <cmcctl/codec/octets.hpp>

namespace cmcctl {

/// Writes bytes as C: "static const unsigned char NAME[] = {" and 12 octets a line. What C does not allow in a name
/// becomes "_", so a file's name will do. No bytes at all become an array of one octet 0, since C has no empty arrays.
void write_c_array(std::ostream& out, Octets bytes, std::string_view name);

}  // namespace cmcctl
