#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <cmcctl/cmc/crmf.hpp>
#include <cmcctl/cmc/pkcs10.hpp>

#include "keys.hpp"
#include "making.hpp"

/// What `request p10` and `request crmf` share.
namespace cmcctl::cli {

struct NewRequestOptions {
  KeyOptions key;
  std::string new_key;
  std::string key_out;
  std::string key_password;
  std::optional<std::string> subject;
  std::string renew;
  std::vector<std::string> names;
  std::string key_usage;
  std::string ext_key_usage;
  std::string basic_constraints;
  std::vector<std::string> extensions;
  std::string key_identifier;
  std::string digest;
  std::string pop_link_random;
  std::string secret;
  std::string identification;
  std::string possession_of;
  std::string possession_key;
  std::string static_ecdh;
  std::string profile;
  std::string edition = "10002";
  NewMessageOptions output;
  ReadOptions reading;
  bool ski = false;
  bool pss = false;
};

void add_new_request_options(CLI::App& command, NewRequestOptions& options);

/// The parts of a request as the options ask for them: the key, the names, the extensions, the POP link.
class NewRequest {
 public:
  NewRequest(const NewRequestOptions& options, Maker maker)
      : options_(options), maker_(std::move(maker)), limits_(limits_of(options.reading)) {}

  /// Reads, makes and checks all of them; complaints go to stderr. `named_elsewhere`: the CA learns from another part of
  /// the request who asks, so that neither subject nor alternative name is needed.
  ExitCode prepare(bool named_elsewhere = false);

  PrivateKey& key() const { return *key_; }
  const std::vector<std::uint8_t>& subject() const { return subject_; }  ///< DER; no octets when none was named
  const std::vector<RequestedExtension>& extensions() const { return extensions_; }
  const std::optional<RequestValue>& pop_link() const { return pop_link_; }
  const SecretOctets& secret() const { return secret_; }
  bool can_sign() const;
  SignatureScheme scheme() const;
  bool is(std::string_view profile) const { return options_.profile == profile; }

  /// RFC 9883 and RFC 6955, where the options ask for them.
  std::optional<StatementOfPossession> statement() const;
  std::optional<StaticEcdh> static_ecdh() const;

  /// The one certificate of a file.
  OrExit<std::vector<std::uint8_t>> certificate_of(const std::string& file) const;

  /// Writes what was made on the way, the new key and the POP link's random value, and then the request.
  ExitCode write(Octets request) const;

  const Maker& maker() const { return maker_; }
  const Limits& limits() const { return limits_; }

 private:
  std::string wrong_call() const;
  ExitCode take_key();
  ExitCode make_key();
  ExitCode take_names();
  ExitCode take_extensions();
  ExitCode take_pop_link();
  ExitCode take_witnesses();
  std::string key_against_profile() const;
  Result<void> add_extensions(const std::vector<std::uint8_t>& old_names);

  const NewRequestOptions& options_;
  Maker maker_;
  Limits limits_;
  std::unique_ptr<PrivateKey> key_;
  std::unique_ptr<PrivateKey> vouching_key_;
  std::vector<std::uint8_t> vouching_certificate_;
  std::vector<std::uint8_t> recipient_;  // of static ECDH
  std::vector<std::uint8_t> subject_;
  std::vector<std::uint8_t> old_names_;  // subjectAltName of --renew
  std::vector<RequestedExtension> extensions_;
  std::optional<RequestValue> pop_link_;
  SecretOctets secret_;
  std::vector<std::uint8_t> random_;
  SecretOctets key_pem_;
  bool random_is_new_ = false;
  bool named_elsewhere_ = false;
};

}  // namespace cmcctl::cli
