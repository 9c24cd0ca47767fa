#include "new_request.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <system_error>

#include <cmcctl/cmc/names.hpp>
#include <cmcctl/cmc/proofs.hpp>
#include <cmcctl/codec/der_element.hpp>
#include <cmcctl/codec/text.hpp>
#include <cmcctl/codec/tlv.hpp>
#include <cmcctl/crypto/certificate.hpp>
#include <cmcctl/crypto/key_id.hpp>
#include <cmcctl/crypto/key_writing.hpp>
#include <cmcctl/crypto/random.hpp>

#include "files.hpp"
#include "text.hpp"
#include "trust.hpp"

namespace cmcctl::cli {
namespace {

constexpr std::string_view subject_alt_name = "2.5.29.17";
constexpr std::string_view pki_archive_options = "1.3.6.1.5.5.7.5.1.4";
constexpr std::string_view pop_link_witness_v1 = "1.3.6.1.5.5.7.7.23";
constexpr std::string_view pop_link_witness_v2_oid = "1.3.6.1.5.5.7.7.33";

constexpr std::string_view key_group = "Key";
constexpr std::string_view wanted_group = "Certificate wanted";

const std::map<std::string, Hash> digests{
    {"sha224", Hash::sha224}, {"sha256", Hash::sha256}, {"sha384", Hash::sha384}, {"sha512", Hash::sha512}};

bool exists(const std::string& file) {
  std::error_code ignored;
  return std::filesystem::exists(file, ignored);
}

bool signs(KeyKind kind) {
  switch (kind) {
    case KeyKind::x25519:
    case KeyKind::dh:
    case KeyKind::ml_kem_512:
    case KeyKind::ml_kem_768:
    case KeyKind::ml_kem_1024:
      return false;
    default:
      return true;
  }
}

void add_old_certificate_option(Command command, NewRequestOptions& options) {
  const std::string group(wanted_group);
  command
      .add_option("--renew", options.renew,
                  "Subject and alternative names of this certificate, unless others are named")
      .type_name("FILE")
      .group(group);
}

void add_key_identifier_options(Command command, NewRequestOptions& options) {
  const std::string group(wanted_group);
  command
      .add_flag("--ski", options.ski,
                "A subjectKeyIdentifier, the SHA-1 of the public key; needed where this key signs the Full PKI Request")
      .group(group);
  command.add_option("--ski-value", options.key_identifier, "That subjectKeyIdentifier")
      .type_name("HEX")
      .group(group);
}

void add_key_password_option(Command command, NewRequestOptions& options) {
  const std::string group(key_group);
  command
      .add_option("--password", options.key.password,
                  "Password or PIN of keys: file:PATH, env:NAME, fd:NUMBER, prompt or pass:TEXT")
      .type_name("SOURCE")
      .group(group);
}

void add_proof_group(Command command, NewRequestOptions& options) {
  const std::string group = "Proofs";
  command
      .add_option("--pop-link-random", options.pop_link_random,
                  "A popLinkWitnessV2 for the 64 octets in this file; a new file gets new ones. The Full PKI Request "
                  "carries them, too")
      .type_name("FILE")
      .group(group);
  command
      .add_option("--secret", options.secret, "The secret shared with the CA: file:PATH, env:NAME, fd:NUMBER or prompt")
      .type_name("SOURCE")
      .group(group);
  command.add_option("--identification", options.identification, "The name that the secret goes by")
      .type_name("TEXT")
      .group(group);
  command
      .add_option("--possession-of", options.possession_of,
                  "RFC 9883: the signature certificate whose holder vouches for a key that cannot sign")
      .type_name("CERT")
      .group(group);
  command.add_option("--possession-key", options.possession_key, "The key of that certificate")
      .type_name("KEY")
      .group(group);
  command
      .add_option("--static-ecdh", options.static_ecdh,
                  "RFC 6955: a MAC that the holder of this ECDH or DH certificate can check")
      .type_name("CERT")
      .group(group);
}

}  // namespace

void add_given_key_option(Command command, NewRequestOptions& options) {
  const std::string group(key_group);
  command
      .add_option("--key", options.key.key,
                  "The key: a file (PEM, DER, PKCS #12), nss:DIR?nickname=NAME or pkcs11:token=NAME;object=NAME")
      .type_name("KEY")
      .group(group);
}

void add_new_key_options(Command command, NewRequestOptions& options) {
  const std::string group(key_group);
  command
      .add_option("--new-key", options.new_key,
                  "Make the key: rsa:3072, ec:P-256, ed25519, x25519, ml-dsa-65, ml-kem-768, ...")
      .type_name("KIND")
      .group(group);
  command.add_option("--key-out", options.key_out, "The new file for the new key: PKCS #8 in PEM, mode 0600")
      .type_name("FILE")
      .group(group);
  command.add_option("--key-password", options.key_password, "Encrypt the new key with this password")
      .type_name("SOURCE")
      .group(group);
  command
      .add_option("--digest", options.digest,
                  "Of the signature: sha256, sha384, sha512 or sha224; else what fits the key")
      .one_of({"sha224", "sha256", "sha384", "sha512"})
      .type_name("NAME")
      .group(group);
  command.add_flag("--pss", options.pss, "RSASSA-PSS in place of PKCS #1 v1.5").group(group);
}

void add_wanted_options(Command command, NewRequestOptions& options) {
  const std::string group(wanted_group);
  command
      .add_option(
          "--subject", options.subject,
          "Its subject as RFC 4514 has it, the most specific first: CN=me,O=Example; empty for the CA to choose")
      .type_name("NAME")
      .group(group);
  command
      .add_option("--san", options.names,
                  "A subject alternative name: dns:, ip:, email:, uri:, upn:, dir:, rid: or other:OID=HEX")
      .type_name("KIND:NAME")
      .group(group);
  command.add_option("--key-usage", options.key_usage, "digitalSignature,keyEncipherment,...")
      .type_name("NAMES")
      .group(group);
  command.add_option("--eku", options.ext_key_usage, "Extended key usages: clientAuth,emailProtection,... or dotted")
      .type_name("NAMES")
      .group(group);
  command.add_option("--basic-constraints", options.basic_constraints, "ca, ca,pathlen:0 or end-entity")
      .type_name("TEXT")
      .group(group);
  command.add_option("--ext", options.extensions, "Another extension, its value in DER")
      .type_name("OID=HEX[,critical]")
      .group(group);
}

void add_new_request_options(Command command, NewRequestOptions& options) {
  add_given_key_option(command, options);
  add_new_key_options(command, options);
  add_key_password_option(command, options);
  add_wanted_options(command, options);
  add_old_certificate_option(command, options);
  add_key_identifier_options(command, options);
  add_proof_group(command, options);
  command
      .add_option("--profile", options.profile,
                  "What the server wants: dogtag, ms, cnsa1 (RFC 8756), cnsa2 or est (RFC 7030)")
      .one_of({"dogtag", "ms", "cnsa1", "cnsa2", "est"})
      .type_name("NAME");
  command.add_option("--edition", options.edition, "10002, 5272, or 2797 for servers that know no popLinkWitnessV2")
      .one_of({"10002", "5272", "2797"})
      .type_name("RFC");
  add_new_message_options(command, options.output);
  add_read_options(command, options.reading);
}

ExitCode NewRequest::prepare(bool named_elsewhere) {
  named_elsewhere_ = named_elsewhere;
  if (const std::string problem = wrong_call(); !problem.empty()) return maker_.fail(ExitCode::usage, problem);
  if (const ExitCode code = maker_.may_write(options_.output); code != ExitCode::ok) return code;
  for (const auto step : {&NewRequest::take_key, &NewRequest::take_names, &NewRequest::take_pop_link,
                          &NewRequest::take_extensions, &NewRequest::take_witnesses}) {
    if (const ExitCode code = (this->*step)(); code != ExitCode::ok) return code;
  }
  return ExitCode::ok;
}

std::string NewRequest::wrong_call() const {
  if (options_.key.key.empty() == options_.new_key.empty())
    return "say whose request it is: --key KEY, or --new-key KIND";
  if (!options_.new_key.empty() && options_.key_out.empty() && !options_.output.dry_run) {
    return "--new-key wants --key-out FILE, or the key is lost";
  }
  if (options_.new_key.empty() && !(options_.key_out + options_.key_password).empty()) {
    return "--key-out and --key-password are for --new-key";
  }
  if (options_.ski && !options_.key_identifier.empty()) return "--ski and --ski-value exclude each other";
  if (!options_.pop_link_random.empty() && options_.secret.empty()) {
    return "--pop-link-random wants a --secret (RFC 10002 section 6.3.1.1)";
  }
  if (options_.possession_of.empty() != options_.possession_key.empty()) {
    return "--possession-of CERT and --possession-key KEY go together (RFC 9883)";
  }
  if (!options_.possession_of.empty() && !options_.static_ecdh.empty()) {
    return "--possession-of and --static-ecdh exclude each other";
  }
  if (is("dogtag") && !options_.pop_link_random.empty() && options_.identification.empty()) {
    return "Dogtag makes the key of a POP link witness of secret and identification; add --identification";
  }
  if (is("est") && !options_.pop_link_random.empty()) {
    return "simple enrollment has no place for popLinkRandom (RFC 7030 section 4.2); send a Full PKI Request";
  }
  if (is("cnsa1") && options_.key_usage.empty()) return "a CNSA request says its --key-usage [CMC-8756-4.1-01]";
  return {};
}

std::string NewRequest::key_against_profile() const {
  const PublicKey& key = key_->public_key();
  if (is("cnsa1") && key.kind() != KeyKind::ec_p384 && !(key.kind() == KeyKind::rsa && key.bits() >= 3072)) {
    return "a CNSA request is for P-384 or RSA of 3072 bits or more, not " + key.text() + " [CMC-8756-4-06]";
  }
  if (is("cnsa2") && key.kind() != KeyKind::ml_dsa_87 && key.kind() != KeyKind::ml_kem_1024) {
    return "CNSA 2.0 has ML-DSA-87 and ML-KEM-1024, and not " + key.text();
  }
  if (!options_.digest.empty() && !(can_sign_request() && has_hash(usual_scheme(key).kind)))
    return key.text() + " takes no --digest";
  if (is("cnsa1") && !options_.digest.empty() && options_.digest != "sha384") {
    return "CNSA signatures use SHA-384, and not --digest " + options_.digest + " [CMC-8756-4-06]";
  }
  if (options_.pss && key.kind() != KeyKind::rsa) return "--pss is for RSA keys";
  if (!options_.possession_of.empty() && is("dogtag")) return "Dogtag knows no statement of possession (RFC 9883)";
  return {};
}

ExitCode NewRequest::make_key() {
  if (exists(options_.key_out)) {
    return maker_.fail(ExitCode::io, escape(options_.key_out) + " exists; a key is never overwritten");
  }
  SecretOctets password;
  if (!options_.key_password.empty()) {
    auto secret = maker_.secret(options_.key_password, "--key-password", "password for " + options_.key_out);
    if (!secret) return secret.error();
    password = std::move(*secret);
  }
  auto made = generate_private_key(options_.new_key, limits_);
  if (!made) return maker_.refuse(made.error());
  key_ = *std::move(made);
  auto pem = private_key_pem(*key_, password.empty() ? std::nullopt : std::optional<Octets>(password));
  if (!pem) return maker_.refuse(pem.error());
  key_pem_ = *std::move(pem);
  return ExitCode::ok;
}

ExitCode NewRequest::take_key() {
  if (options_.new_key.empty()) {
    auto loaded = load_key(options_.key, maker_.io(), maker_.command(), limits_);
    if (!loaded) return loaded.error();
    key_ = std::move(*loaded);
  } else if (const ExitCode code = make_key(); code != ExitCode::ok) {
    return code;
  }
  const std::string problem = key_against_profile();
  return problem.empty() ? ExitCode::ok : maker_.fail(ExitCode::usage, problem);
}

OrExit<std::vector<std::uint8_t>> NewRequest::certificate_of(const std::string& file) const {
  ExitCode code = ExitCode::ok;
  auto bag = read_bag(file, maker_.command(), maker_.io(), options_.reading, code);
  if (!bag) return code;
  if (bag->certificates.empty()) return maker_.fail(ExitCode::undecodable, escape(file) + ": no certificate in it");
  return std::move(bag->certificates.front());
}

ExitCode NewRequest::take_names() {
  const std::string& source = options_.renew.empty() ? options_.possession_of : options_.renew;
  if (!source.empty()) {
    auto der = certificate_of(source);
    if (!der) return der.error();
    const auto certificate = X509Certificate::from_der(Octets(*der), limits_);
    if (!certificate) return maker_.refuse(source, certificate.error());
    const Octets subject = certificate->subject();
    subject_.assign(subject.begin(), subject.end());
    const Extension* const names = certificate->extension(subject_alt_name);
    if (names != nullptr) old_names_.assign(names->extn_value.begin(), names->extn_value.end());
  }
  if (!options_.subject) return ExitCode::ok;
  auto name = parse_name(*options_.subject, is("dogtag") ? NameStrings::printable : NameStrings::utf8);
  if (!name) return maker_.fail(ExitCode::usage, "--subject: " + escape(name.error().detail));
  subject_ = *std::move(name);
  return ExitCode::ok;
}

ExitCode NewRequest::take_extensions() {
  const auto added = add_extensions(old_names_);
  if (!added) return maker_.refuse(added.error());
  const bool named = subject_.size() > 2 || options_.subject || pop_link_ || named_elsewhere_ ||
                     std::ranges::find(extensions_, subject_alt_name, &RequestedExtension::oid) != extensions_.end();
  if (named) return ExitCode::ok;
  return maker_.fail(ExitCode::usage,
                     "the certificate would name nobody: give it a --subject or a --san, or leave it to the "
                     "CA with --subject '' (RFC 10002 section 3.2.1.2.1)");
}

Result<void> NewRequest::add_extensions(const std::vector<std::uint8_t>& old_names) {
  const bool no_subject = subject_.size() <= 2;
  if (!options_.key_usage.empty()) {
    CMC_TRY(auto made, key_usage_extension(options_.key_usage));
    extensions_.push_back(std::move(made));
  }
  if (!options_.ext_key_usage.empty()) {
    CMC_TRY(auto made, ext_key_usage_extension(options_.ext_key_usage));
    extensions_.push_back(std::move(made));
  }
  if (!options_.basic_constraints.empty()) {
    CMC_TRY(auto made, basic_constraints_extension(options_.basic_constraints));
    extensions_.push_back(std::move(made));
  }
  if (!options_.names.empty()) {
    std::vector<std::vector<std::uint8_t>> names;
    for (const std::string& text : options_.names) {
      CMC_TRY(auto name, parse_general_name(text));
      names.push_back(std::move(name));
    }
    CMC_TRY(auto made, subject_alt_name_extension(names, no_subject));
    extensions_.push_back(std::move(made));
  } else if (!old_names.empty()) {
    extensions_.push_back({std::string(subject_alt_name), no_subject, old_names});
  }
  if (options_.ski) {
    extensions_.push_back(subject_key_identifier_extension(key_->public_key().key_identifier()));
  } else if (!options_.key_identifier.empty()) {
    const auto identifier = parse_key_id(options_.key_identifier);
    if (!identifier) return Error{Errc::not_encodable, 0, {}, {}, "--ski-value: not 1 to 64 octets in hexadecimal"};
    extensions_.push_back(subject_key_identifier_extension(*identifier));
  }
  for (const std::string& text : options_.extensions) {
    CMC_TRY(auto made, extension_from_text(text));
    extensions_.push_back(std::move(made));
  }
  if (!extensions_.empty()) {
    CMC_TRY(const auto checked, encode_extensions(extensions_));
  }
  return {};
}

ExitCode NewRequest::take_pop_link() {
  if (!options_.secret.empty()) {
    auto secret = maker_.secret(options_.secret, "--secret", "shared secret");
    if (!secret) return secret.error();
    secret_ = std::move(*secret);
  }
  if (options_.pop_link_random.empty()) return ExitCode::ok;
  if (exists(options_.pop_link_random)) {
    FileBytes file = read_file(options_.pop_link_random, maker_.io(), pop_link_random_octets);
    if (!file.problem.empty()) return maker_.fail(ExitCode::io, escape(options_.pop_link_random) + ": " + file.problem);
    if (file.too_large || file.bytes.size() != pop_link_random_octets) {
      return maker_.fail(ExitCode::undecodable, escape(options_.pop_link_random) +
                                                    ": popLinkRandom has 64 octets (RFC 10002 section 6.3.1.1)");
    }
    random_ = std::move(file.bytes);
  } else {
    const SecretOctets fresh = random_octets(pop_link_random_octets);
    random_.assign(fresh.begin(), fresh.end());
    random_is_new_ = true;
  }
  SharedSecret shared{secret_};
  if (!options_.identification.empty()) shared.identification = Octets(std::string_view(options_.identification));
  const LinkKey key = is("dogtag") ? LinkKey::secret_and_identification : LinkKey::secret;
  const Hash hash = is("cnsa1") || is("cnsa2") ? Hash::sha384 : Hash::sha256;
  pop_link_ =
      options_.edition == "2797"
          ? RequestValue{std::string(pop_link_witness_v1), pop_link_witness(shared, random_, key)}
          : RequestValue{std::string(pop_link_witness_v2_oid), pop_link_witness_v2(shared, random_, key, hash, hash)};
  return ExitCode::ok;
}

ExitCode NewRequest::take_witnesses() {
  if (!options_.static_ecdh.empty()) {
    auto der = certificate_of(options_.static_ecdh);
    if (!der) return der.error();
    recipient_ = std::move(*der);
  }
  if (options_.possession_of.empty()) return ExitCode::ok;
  auto loaded = load_key({options_.possession_key, options_.key.password}, maker_.io(), maker_.command(), limits_);
  if (!loaded) return loaded.error();
  vouching_key_ = std::move(*loaded);
  auto der = certificate_of(options_.possession_of);
  if (!der) return der.error();
  vouching_certificate_ = std::move(*der);
  return ExitCode::ok;
}

bool NewRequest::can_sign() const { return signs(key_->public_key().kind()); }

bool NewRequest::can_sign_request() const { return can_sign() || key_->public_key().kind() == KeyKind::dh; }

SignatureScheme NewRequest::scheme() const {
  SignatureScheme scheme = usual_scheme(key_->public_key());
  if (is("cnsa1")) scheme.hash = Hash::sha384;
  if (!options_.digest.empty()) scheme.hash = digests.at(options_.digest);
  if (options_.pss) scheme.kind = SignatureKind::rsa_pss;
  if (scheme.kind == SignatureKind::rsa_pss) scheme.salt_octets = output_octets(scheme.hash);
  return scheme;
}

std::optional<StatementOfPossession> NewRequest::statement() const {
  if (!vouching_key_) return std::nullopt;
  return StatementOfPossession{key_->public_key().spki(), vouching_key_.get(),
                               usual_scheme(vouching_key_->public_key()), vouching_certificate_, true};
}

std::optional<StaticEcdh> NewRequest::static_ecdh() const {
  if (recipient_.empty()) return std::nullopt;
  StaticEcdh how{key_.get(), recipient_};
  if (!options_.digest.empty()) {
    how.hash = digests.at(options_.digest);
  } else if (key_->public_key().kind() == KeyKind::ec_p384) {
    how.hash = Hash::sha384;
  } else if (key_->public_key().kind() == KeyKind::ec_p521) {
    how.hash = Hash::sha512;
  }
  return how;
}

PopKeyUse NewRequest::key_use() const {
  const KeyKind kind = key_->public_key().kind();
  return is_ec(kind) || kind == KeyKind::x25519 || kind == KeyKind::dh ? PopKeyUse::agreement : PopKeyUse::encipherment;
}

ArchiveRecipient NewRequest::recipient(Octets certificate, bool oaep) {
  constexpr std::uint8_t directory_name = 0xA4;
  if (!options_.identification.empty()) {
    identifier_ = der_element(tlv::utf8_string, Octets(std::string_view(options_.identification)));
  } else if (subject_.size() > 2) {
    identifier_ = der_element(directory_name, subject_);
  }
  ArchiveRecipient recipient;
  recipient.certificate = certificate;
  if (oaep) recipient.oaep = PublicKey::Oaep{};
  recipient.identifier = identifier_;
  return recipient;
}

OrExit<RequestValue> NewRequest::archived_for(const std::string& file, std::optional<ArchiveWrap> wrap, bool oaep) {
  auto certificate = certificate_of(file);
  if (!certificate) return certificate.error();
  ArchiveRecipient to = recipient(*certificate, oaep);
  to.wrap = wrap.value_or(is("dogtag") ? ArchiveWrap::nss_key_wrap_pad : ArchiveWrap::enveloped);
  const auto pkcs8 = pkcs8_of(*key_);
  if (!pkcs8) return maker_.refuse(pkcs8.error());
  auto value = make_archive_options(*pkcs8, to);
  if (!value) return maker_.refuse(value.error());
  return RequestValue{std::string(pki_archive_options), *std::move(value)};
}

ExitCode NewRequest::write(Octets request) const {
  NewMessageOptions output = options_.output;
  if (is("est") && output.output.to == "der") output.output.to = "base64";
  if (output.dry_run) return maker_.write(output, request);
  if (!key_pem_.empty()) {
    const std::string problem = write_new_secret_file(options_.key_out, key_pem_);
    if (!problem.empty()) return maker_.fail(ExitCode::io, escape(options_.key_out) + ": " + problem);
  }
  if (random_is_new_) {
    const std::string problem = write_file(options_.pop_link_random, random_);
    if (!problem.empty()) return maker_.fail(ExitCode::io, escape(options_.pop_link_random) + ": " + problem);
  }
  return maker_.write(output, request);
}

}  // namespace cmcctl::cli
