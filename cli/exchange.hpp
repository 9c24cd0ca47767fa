#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <cmcctl/crypto/certificate.hpp>
#include <cmcctl/crypto/key_source.hpp>
#include <cmcctl/transport/http_client.hpp>
#include <cmcctl/transport/media_type.hpp>

#include "command_line.hpp"
#include "making.hpp"

/// Sending a message and getting its answer, over HTTP or through files in a folder.
namespace cmcctl::cli {

struct ExchangeOptions {
  std::string to;
  std::string profile_id;
  std::string client_key;
  std::string client_certificate;
  std::string client_password;
  std::vector<std::string> tls_trust;
  std::vector<std::string> headers;
  unsigned timeout = 30;
  unsigned retries = 0;
  std::string proxy;
  bool insecure = false;
  std::string save_request;
  std::string save_response;
  std::string replay;
};

void add_exchange_options(Command command, ExchangeOptions& options);

/// One message on its way.
struct Outgoing {
  Octets message;  ///< DER
  Carried kind = Carried::full_request;
  std::string name;   ///< of its file in a folder: "me" for me.crq
  unsigned trip = 1;  ///< the second has "-2" in the names of its files, and so on
};

class Exchange {
 public:
  /// All of them have to stay.
  Exchange(const ExchangeOptions& options, const Maker& maker, const ReadOptions& reading)
      : options_(options), maker_(maker), reading_(reading), limits_(limits_of(reading)) {}

  /// Reads keys and certificates and says what is wrong with the call. `anchors` are believed by TLS, too, unless
  /// there are others for it; they have to stay. Files to save to may exist with `overwrite` only.
  ExitCode prepare(std::span<const X509Certificate> anchors, bool overwrite);

  /// The response as DER or BER. `pending` where the other side says nothing yet: no file, or HTTP 202.
  OrExit<std::vector<std::uint8_t>> send(const Outgoing& outgoing) const;

  /// "https://ca.example.org/cmc?profileId=user", or the folder.
  const std::string& where() const { return where_; }

 private:
  using Bytes = std::vector<std::uint8_t>;
  std::string wrong_call() const;
  ExitCode load_client();
  OrExit<Bytes> replayed(const Outgoing& outgoing) const;
  OrExit<Bytes> through_folder(const Outgoing& outgoing) const;
  OrExit<Bytes> over_http(const Outgoing& outgoing) const;
  OrExit<Bytes> body_of(const HttpAnswer& answer) const;
  OrExit<Bytes> message_in(const Bytes& body, const std::string& source) const;
  ExitCode save(const std::string& option, const Outgoing& outgoing, Octets bytes) const;

  const ExchangeOptions& options_;
  const Maker& maker_;
  const ReadOptions& reading_;
  Limits limits_;
  std::string where_;
  bool folder_ = false;
  Credentials client_;
  std::vector<X509Certificate> own_anchors_;
  HttpOptions http_;
};

}  // namespace cmcctl::cli
