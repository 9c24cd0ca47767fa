#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <cmcctl/crypto/key_source.hpp>
#include <cmcctl/crypto/recipients.hpp>
#include <cmcctl/crypto/sign.hpp>

#include "command_line.hpp"
#include "keys.hpp"
#include "output.hpp"
#include "reading.hpp"

/// What the commands share that make Full PKI Requests and Responses.
namespace cmcctl::cli {

/// Where a new message goes. Nothing that exists is overwritten unless --force says so.
struct NewMessageOptions {
  OutputOptions output;
  bool force = false;
  bool dry_run = false;
};

void add_new_message_options(Command command, NewMessageOptions& options);

/// What a command that makes messages says on stderr, under its name.
class Maker {
 public:
  Maker(Io& io, std::string command) : io_(io), command_(std::move(command)) {}

  ExitCode fail(ExitCode code, const std::string& problem) const;
  /// 2 for what cannot be put together, 7 for keys and passwords, else 3.
  ExitCode refuse(const Error& error) const;
  /// The same for a file that was read.
  ExitCode refuse(const std::string& file, const Error& error) const;

  /// Asked before the work is done; says why not.
  ExitCode may_write(const NewMessageOptions& options) const;
  /// With --dry-run the message as `inspect` shows it, on stdout.
  ExitCode write(const NewMessageOptions& options, Octets message) const;

  /// The secret that a source names; `option` is whose value it is.
  OrExit<SecretOctets> secret(const std::string& source, std::string_view option, std::string_view what) const;

  const std::string& command() const { return command_; }
  Io& io() const { return io_; }

 private:
  Io& io_;
  std::string command_;
};

/// --sign-with, --cert and their like.
struct SignerOptions {
  std::vector<std::string> keys;
  std::vector<std::string> certificates;
  std::string password;
  bool key_identifier = false;
  bool no_time = false;
  std::string spare_certificate{};  ///< a file, looked into where a key has no certificate beside it
};

/// `certificate` is the name of the option for a signer's certificate.
void add_signer_options(Command command, SignerOptions& options, const std::string& certificate = "--cert");

/// Keys that sign, with what they need.
struct Signers {
  std::vector<std::unique_ptr<PrivateKey>> keys;
  std::vector<DerList> chains;  ///< of each key; empty where no certificate is known
  DerList certificates;         ///< all of them, each once
  std::vector<std::vector<std::uint8_t>> identifiers;
  std::vector<Signer> signers;  ///< look into the members above
};

OrExit<Signers> load_signers(const SignerOptions& options, const Maker& maker, const Limits& limits);

/// How they sign: with all certificates and the time, unless --no-time; `as_peers` as Dogtag's tools and Windows do,
/// without the time and with NULL parameters in digestAlgorithm.
SignedDataOptions signing(const SignerOptions& options, const Signers& signers, bool as_peers = false);

/// Whether each key has a certificate, or is named by its identifier; says which has not.
ExitCode check_certified(const Signers& signers, const SignerOptions& options, const Maker& maker,
                         const std::string& certificate = "--cert");

/// The scheme of a signature in CMS that fits the key: usual_scheme, with at least this hash.
SignatureScheme scheme_with(const PublicKey& key, Hash least);

/// --encrypt-to and --gcm.
struct EncryptionOptions {
  std::vector<std::string> recipients;
  bool gcm = false;
};

void add_encryption_options(Command command, EncryptionOptions& options);

/// The same for a message that nobody signs: AES-GCM. With CBC others could change what they cannot read (RFC 3218), so
/// servers want a signature inside.
EncryptionOptions for_unsigned(EncryptionOptions options);

/// The message for the recipients, or as it is without any.
OrExit<std::vector<std::uint8_t>> encrypted(const EncryptionOptions& options, std::vector<std::uint8_t> message,
                                            const Maker& maker, const ReadOptions& reading);

}  // namespace cmcctl::cli
