#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <cmcctl/codec/limits.hpp>
#include <cmcctl/codec/octets.hpp>

namespace cmcctl::bench {

using Bytes = std::vector<std::uint8_t>;

/// The bytes of a file; ends the program with a message when it cannot be read.
Bytes read_file(const std::string& path);

/// One of the committed messages: "request" or "response".
Bytes committed(const std::string& name);

/// A Full PKI Request with `count` times the one certification request of `request`, each with a body part identifier
/// of its own. Certificates and signature are those of `request`; the signature is not valid.
Bytes make_batch(Octets request, std::size_t count);

/// How many requests fill a message of about `octets`.
std::size_t requests_in(std::size_t octets);

/// Limits that let any message of the benchmarks pass.
Limits wide_limits();

}  // namespace cmcctl::bench
