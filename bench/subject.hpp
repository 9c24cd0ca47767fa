#pragma once

#include <cstdlib>
#include <iostream>
#include <utility>
#include <variant>

#include <cmcctl/codec/controls.hpp>
#include <cmcctl/codec/encoder.hpp>

#include "messages.hpp"

namespace cmcctl::bench {

/// The codec under measurement, used as its users do: one Decoder and one Encoder per layer for all messages.
class Subject {
 public:
  Subject() : decoder(wide_limits()) {}

  /// The message without what is decoded on demand: ContentInfo, SignedData, and PKIData or PKIResponse.
  Result<void> decode(Octets message);

  /// After decode: the outermost structure of every request, CertificationRequest or CertRequest.
  Result<void> decode_requests();

  /// After decode: all the rest. The value of every control that has a row, every request, certificate and signer down
  /// to its attributes, extensions, names and key.
  Result<void> decode_all();

  /// The decoded message back into bytes, layer by layer. The bytes live until the next call.
  Result<Octets> encode();

  Decoder decoder;
  ContentInfo content_info;
  SignedData signed_data;
  std::variant<std::monostate, PKIData, PKIResponse> content;

 private:
  Result<void> decode_certificates();
  Result<void> decode_signers();
  Result<void> decode_request(const TaggedRequest& request);
  Result<void> decode_controls(const List<TaggedAttribute>& controls);
  Result<Octets> encode_content();

  Encoder content_encoder_;
  Encoder octet_string_encoder_;
  Encoder signed_data_encoder_;
  Encoder content_info_encoder_;
};

/// Ends the program with the error.
[[noreturn]] inline void give_up(const Error& error) {
  std::cerr << to_string(error) << '\n';
  std::exit(1);
}

inline void require(const Result<void>& result) {
  if (!result) give_up(result.error());
}

template <class T>
T require(Result<T> result) {
  if (!result) give_up(result.error());
  return *std::move(result);
}

}  // namespace cmcctl::bench
