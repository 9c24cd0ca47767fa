#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <cmcctl/cmc/archive.hpp>
#include <cmcctl/cmc/crmf.hpp>
#include <cmcctl/cmc/pkcs10.hpp>

#include "command_line.hpp"
#include "keys.hpp"
#include "making.hpp"

/// What `request p10`, `request crmf` and `enroll` share.
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

void add_new_request_options(Command command, NewRequestOptions& options);

/// Parts of these: --key; --new-key and how keys are kept and sign; names and extensions.
void add_given_key_option(Command command, NewRequestOptions& options);
void add_new_key_options(Command command, NewRequestOptions& options);
void add_wanted_options(Command command, NewRequestOptions& options);

/// The parts of a request as the options ask for them: the key, the names, the extensions, the POP link.
class NewRequest {
 public:
  NewRequest(const NewRequestOptions& options, Maker maker)
      : options_(options), maker_(std::move(maker)), limits_(limits_of(options.reading)) {}

  /// Reads, makes and checks all of them; complaints go to stderr. `named_elsewhere`: the CA learns from another part of
  /// the request who asks, so that neither subject nor alternative name is needed.
  ExitCode prepare(bool named_elsewhere = false);

  /// In place of `prepare`: the key of a request that was made before.
  void adopt(std::unique_ptr<PrivateKey> key) { key_ = std::move(key); }

  PrivateKey& key() const { return *key_; }
  const std::vector<std::uint8_t>& subject() const { return subject_; }  ///< DER; no octets when none was named
  const std::vector<RequestedExtension>& extensions() const { return extensions_; }
  const std::optional<RequestValue>& pop_link() const { return pop_link_; }
  const SecretOctets& secret() const { return secret_; }
  bool can_sign() const;
  /// As can_sign; keys for DH sign nothing but requests (RFC 6955 section 5).
  bool can_sign_request() const;
  SignatureScheme scheme() const;
  bool is(std::string_view profile) const { return options_.profile == profile; }

  /// RFC 9883 and RFC 6955, where the options ask for them.
  std::optional<StatementOfPossession> statement() const;
  std::optional<StaticEcdh> static_ecdh() const;

  /// POPOPrivKey's place in ProofOfPossession, as the kind of the key has it.
  PopKeyUse key_use() const;

  /// Whom the private key is given to, under the name that the CA knows the requester by: --identification, else the
  /// subject. It looks into `certificate` and into this.
  ArchiveRecipient recipient(Octets certificate, bool oaep);

  /// pkiArchiveOptions with the private key for the certificate in `file`; `wrap` as the profile has it, if absent.
  OrExit<RequestValue> archived_for(const std::string& file, std::optional<ArchiveWrap> wrap, bool oaep);

  /// The one certificate of a file.
  OrExit<std::vector<std::uint8_t>> certificate_of(const std::string& file) const;

  /// Writes what was made on the way, the new key and the POP link's random value, and then the request.
  ExitCode write(Octets request) const;

  /// The new key as PKCS #8 in PEM; no octets for a key that was there.
  const SecretOctets& key_pem() const { return key_pem_; }

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
  std::vector<std::uint8_t> identifier_;  // of EncKeyWithID
  SecretOctets key_pem_;
  bool random_is_new_ = false;
  bool named_elsewhere_ = false;
};

}  // namespace cmcctl::cli
