#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <cmcctl/codec/message.hpp>

namespace cmcctl {

/// One place where two messages, A and B, differ.
struct Difference {
  enum class Kind : std::uint8_t { changed, only_in_a, only_in_b };
  Kind kind{};
  std::string path;  ///< as inspect names it; in A, and in B for what only B has
  std::string a;     ///< the value in words, escaped for a terminal; secrets are not shown
  std::string b;
};

struct DiffOptions {
  bool ignore_nonces = false;              ///< senderNonce and recipientNonce
  bool ignore_times = false;               ///< signingTime and every UTCTime and GeneralizedTime
  bool ignore_signatures = false;          ///< signatures, message digests, MACs and witnesses
  std::vector<std::string> ignored_paths;  ///< with everything below them
  std::string only;                        ///< compare just the elements with this path
};

struct DiffSummary {
  std::size_t differences = 0;
  std::size_t ignored = 0;         ///< places that differ and were to be ignored
  std::vector<std::string> notes;  ///< what differs in its encoding only, one sentence each
};

/// Compares two opened messages element by element and calls `use` with each difference, in the order of A. Lists are
/// aligned: controls, attributes and extensions by OID, requests and nested messages by body part identifier,
/// certificates by issuer and serial number, everything else by content, then by position. Memory and time grow with
/// the messages, not with the product of their lists; Limits::depth bounds the nesting that is looked into.
DiffSummary diff_messages(Decoder& decoder_a, const Message& a, Decoder& decoder_b, const Message& b,
                          const DiffOptions& options, const std::function<void(const Difference&)>& use);

}  // namespace cmcctl
