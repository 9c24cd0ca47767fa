#include "trust.hpp"

#include <charconv>
#include <chrono>
#include <ctime>
#include <map>

#include <cmcctl/codec/message.hpp>
#include <cmcctl/codec/text.hpp>
#include <cmcctl/codec/tlv.hpp>

namespace cmcctl::cli {
namespace {

const std::map<std::string, std::optional<Purpose>> purposes{
    {"auto", std::nullopt},
    {"any", Purpose::any},
    {"signer", Purpose::signer},
    {"responder", Purpose::responder},
    {"ra", Purpose::ra},
};

void take(std::vector<std::vector<std::uint8_t>>& to, Octets bytes) { to.emplace_back(bytes.begin(), bytes.end()); }

// A certificate, a CRL, or everything in a SignedData.
bool add_block(Bag& bag, Decoder& decoder, const Layer& layer) {
  const Octets original = decoder.original(layer.bytes);
  if (std::holds_alternative<Certificate>(layer.content)) {
    take(bag.certificates, original);
    return true;
  }
  if (std::holds_alternative<CertificateList>(layer.content)) {
    take(bag.crls, original);
    return true;
  }
  const auto* data = std::get_if<SignedData>(&layer.cms);
  if (data == nullptr) return false;
  for (const Any& element : data->certificates.value_or(List<Any>())) {
    if (element.der[0] == tlv::sequence) take(bag.certificates, decoder.original(element.der));
  }
  for (const Any& element : data->crls.value_or(List<Any>())) {
    if (element.der[0] == tlv::sequence) take(bag.crls, decoder.original(element.der));
  }
  return true;
}

template <class T>
Result<std::vector<T>> parse(const std::vector<std::vector<std::uint8_t>>& ders, const Limits& limits) {
  std::vector<T> parsed;
  for (const auto& der : ders) {
    CMC_TRY(T one, T::from_der(der, limits));
    parsed.push_back(std::move(one));
  }
  return parsed;
}

}  // namespace

void add_trust_options(Command command, TrustOptions& options, const std::string& certificates) {
  const std::string group = "Whom to believe";
  command.add_option("--trust", options.anchors, "Certificates to trust: DER, PEM, PKCS #7; may be given several times")
      .type_name("FILE")
      .group(group);
  command.add_option(certificates, options.certificates, "Other certificates: signers, or between signer and anchor")
      .type_name("FILE")
      .group(group);
  command.add_option("--crl", options.crls, "CRLs; with one, every certificate of a path needs one")
      .type_name("FILE")
      .group(group);
  command
      .add_option("--at", options.at, "As of this time: 2026-11-21, 2026-11-21T03:52:44Z or seconds since 1970; else now")
      .type_name("TIME")
      .check([](const std::string& at) { return time_of(at) ? std::string() : at + " is no time"; })
      .group(group);
  command
      .add_option("--purpose", options.purpose,
                  "What a signer has to be: signer, responder (a CA, or one with id-kp-cmcCA or id-kp-cmcRA), ra, any; "
                  "auto is responder for responses and signer for all else")
      .one_of({"auto", "any", "signer", "responder", "ra"})
      .type_name("WHAT")
      .group(group);
  command.add_flag("--allow-sha1", options.allow_sha1, "Take signatures with SHA-1 for good; they prove little").group(group);
}

std::optional<Bag> read_bag(const std::string& file, std::string_view command, Io& io, const ReadOptions& reading,
                            ExitCode& code) {
  const Input input = read_input(file, io, reading);
  if (!input.problem.empty()) {
    io.err << "cmcctl " << command << ": " << escape(file) << ": " << input.problem << '\n';
    code = ExitCode::io;
    return std::nullopt;
  }
  code = ExitCode::undecodable;
  if (input.error) {
    report_error(io, command, file, {}, *input.error);
    return std::nullopt;
  }
  Bag bag;
  for (const InputBlock& block : input.blocks) {
    Decoder decoder(limits_of(reading));
    const auto message = open_message(decoder, Octets(block.bytes));
    if (message && add_block(bag, decoder, message->layer)) continue;
    if (input.blocks.size() > 1 && !block.label.empty()) continue;  // a key beside its certificate
    report_error(io, command, file, to_string(block.form),
                 message ? Error{Errc::not_a_message, 0, {}, {}, "expected certificates or CRLs, found " +
                                                                     std::string(to_string(message->layer.kind))}
                         : message.error());
    return std::nullopt;
  }
  code = ExitCode::ok;
  return bag;
}

std::optional<TrustFiles> read_trust_files(const TrustOptions& options, std::string_view command, Io& io,
                                           const ReadOptions& reading, ExitCode& code) {
  TrustFiles files;
  const auto read = [&](const std::vector<std::string>& names, std::vector<std::vector<std::uint8_t>>* certificates) {
    for (const std::string& name : names) {
      auto bag = read_bag(name, command, io, reading, code);
      if (!bag) return false;
      if (certificates != nullptr) std::ranges::move(bag->certificates, std::back_inserter(*certificates));
      std::ranges::move(bag->crls, std::back_inserter(files.crls));
    }
    return true;
  };
  if (!read(options.anchors, &files.anchors) || !read(options.certificates, &files.certificates) ||
      !read(options.crls, nullptr)) {
    return std::nullopt;
  }
  return files;
}

std::optional<std::int64_t> time_of(const std::string& at) {
  using namespace std::chrono;
  if (at.empty()) return duration_cast<seconds>(system_clock::now().time_since_epoch()).count();
  std::int64_t number = 0;
  const auto [rest, error] = std::from_chars(at.data(), at.data() + at.size(), number);
  if (error == std::errc{} && rest == at.data() + at.size()) return number;
  for (const char* format : {"%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d"}) {
    std::tm utc{};
    const char* const end = strptime(at.c_str(), format, &utc);
    if (end != nullptr && *end == '\0') return timegm(&utc);
  }
  return std::nullopt;
}

Result<Trust> parse_trust(const TrustFiles& files, const Limits& limits) {
  Trust trust;
  CMC_TRY(trust.anchors, parse<X509Certificate>(files.anchors, limits));
  CMC_TRY(trust.certificates, parse<X509Certificate>(files.certificates, limits));
  CMC_TRY(trust.crls, parse<X509Crl>(files.crls, limits));
  return trust;
}

VerifyOptions verify_options(const TrustOptions& options, const Trust& trust) {
  return {trust.anchors, trust.certificates, trust.crls, *time_of(options.at), purposes.at(options.purpose), std::nullopt,
          options.allow_sha1, {}};
}

}  // namespace cmcctl::cli
