#pragma once

#include <functional>
#include <string>

#include <cmcctl/cmc/pki_data.hpp>

#include "command_line.hpp"
#include "making.hpp"

/// What the requests share that hold one control and no certification request.
namespace cmcctl::cli {

struct OneControlOptions {
  SignerOptions signer;
  EncryptionOptions encryption;
  NewMessageOptions output;
  ReadOptions reading;
  std::string identification;
  std::string secret;
  std::string transaction_id;
  std::string sender_nonce;
  std::string profile;
  bool mac = false;
  bool no_nonce = false;
};

/// Without --secret and --mac-with-secret where the secret is for something else.
void add_one_control_options(Command command, OneControlOptions& options, bool may_mac = true);

/// Puts into the message what it is for.
using AddControl = std::function<Result<void>(PkiDataBuilder&)>;

/// Around the control: nonce, transaction identifier, signature or MAC, encryption. `unsigned_too`: without a signer
/// the message is the unsigned one of RFC 10002 section 6.11.
OrExit<std::vector<std::uint8_t>> one_control_message(const OneControlOptions& options, const Maker& maker,
                                                      const AddControl& add, bool unsigned_too = false);
/// The same, written to where it is to go.
ExitCode make_one_control(const OneControlOptions& options, const Maker& maker, const AddControl& add,
                          bool unsigned_too = false);

/// A certificate by file or by issuer and serial number.
struct CertificateName {
  std::string file;
  std::string issuer;
  std::string serial;
};

void add_certificate_name_options(Command command, CertificateName& options, const std::string& what);

/// What it comes to; it owns its octets.
struct NamedCertificate {
  std::vector<std::uint8_t> issuer;  ///< DER of the Name
  std::vector<std::uint8_t> serial;  ///< content octets
  IssuerAndSerialNumber view() const { return {Raw<Name>{issuer}, Integer{serial}, {}}; }
};

OrExit<NamedCertificate> named_certificate(const CertificateName& options, const Maker& maker,
                                           const ReadOptions& reading);

/// The issuer alone: of a certificate it is the one that signed it.
OrExit<std::vector<std::uint8_t>> named_issuer(const CertificateName& options, const Maker& maker,
                                               const ReadOptions& reading);

/// GeneralizedTime text of a time as `time_of` takes it; nullopt for what is none.
std::optional<std::string> generalized_time(const std::string& at);

}  // namespace cmcctl::cli
