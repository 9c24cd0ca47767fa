#pragma once

#include <optional>
#include <string>
#include <vector>

#include <cmcctl/crypto/verify.hpp>

#include "command_line.hpp"
#include "exit_code.hpp"
#include "reading.hpp"

namespace cmcctl::cli {

/// --trust, --cert, --crl, --at and what else says whom to believe.
struct TrustOptions {
  std::vector<std::string> anchors;
  std::vector<std::string> certificates;
  std::vector<std::string> crls;
  std::string at;
  std::string purpose = "auto";
  bool allow_sha1 = false;
};

/// `certificates` is the name of the option for certificates that are not trusted.
void add_trust_options(Command command, TrustOptions& options, const std::string& certificates = "--cert");

/// The files that these options name. They are read once and parsed for each thread: certificates are not shared.
struct TrustFiles {
  std::vector<std::vector<std::uint8_t>> anchors;
  std::vector<std::vector<std::uint8_t>> certificates;
  std::vector<std::vector<std::uint8_t>> crls;
};

/// Reads them all; on a failure says on stderr which file it was, and returns nothing but the exit code.
std::optional<TrustFiles> read_trust_files(const TrustOptions& options, std::string_view command, Io& io,
                                           const ReadOptions& reading, ExitCode& code);

/// What one thread believes.
struct Trust {
  std::vector<X509Certificate> anchors;
  std::vector<X509Certificate> certificates;
  std::vector<X509Crl> crls;
};
Result<Trust> parse_trust(const TrustFiles& files, const Limits& limits);

/// The options and what they named; `trust` has to stay.
VerifyOptions verify_options(const TrustOptions& options, const Trust& trust);

/// The certificates or CRLs of one file in any form, PKCS #7 included.
struct Bag {
  std::vector<std::vector<std::uint8_t>> certificates;
  std::vector<std::vector<std::uint8_t>> crls;
};
std::optional<Bag> read_bag(const std::string& file, std::string_view command, Io& io, const ReadOptions& reading,
                            ExitCode& code);

/// Seconds since 1970 of --at: a date "2026-11-21", a time "2026-11-21T03:52:44Z" or a number of seconds; now when
/// it is empty. nullopt when it is none of these.
std::optional<std::int64_t> time_of(const std::string& at);

}  // namespace cmcctl::cli
