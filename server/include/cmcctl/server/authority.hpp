#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <cmcctl/cmc/pki_response.hpp>
#include <cmcctl/server/issuing.hpp>

/// The test CA without its sockets: a message in, its answer out.
namespace cmcctl {

class Guesses;

/// When a request is left for somebody to decide.
enum class PendPolicy : std::uint8_t { never, always };

/// What one message may cost the CA, which is less than what the tools take. docs/test-ca.md has the numbers.
Limits authority_limits();

struct AuthorityOptions {
  PendPolicy pend = PendPolicy::never;
  std::int64_t pend_seconds = 60;  ///< pendTime is so much later
  bool confirm = false;            ///< issued certificates have to be confirmed (RFC 10002 section 6.14)
  bool dogtag = false;             ///< answers in Dogtag's form: layouts of challenges, failInfos, bodyLists
  bool simple_on_success = false;  ///< a certs-only answer where all there is to say is a certificate
  bool encrypt = false;            ///< answers are encrypted, also where the request was not
  Edition edition = Edition::rfc10002;
  Limits limits = authority_limits();
  std::span<const X509Certificate> trusted{};  ///< anchors of signers besides the CA itself
};

/// What came, and what is known of who sent it.
struct Call {
  Octets body;
  std::string profile{};                        ///< a profile's name; empty: "user"
  std::optional<X509Certificate> tls_client{};  ///< verified by TLS
  bool pend = false;                            ///< leave requests pending, whatever the options say
  bool try_later = false;                       ///< decide nothing: failed, tryLater
};

enum class AnswerKind : std::uint8_t { full_response, certs_only };

struct Answer {
  AnswerKind kind = AnswerKind::full_response;
  std::vector<std::uint8_t> body;  ///< ContentInfo in DER
  std::string event;               ///< for the log: "issued", "failed", "pending", ...
  std::string text;                ///< likewise, one line; not escaped
};

/// RFC 10002 section 4 and onwards, on the side of the server. Every message gets a signed answer, whatever its bytes:
/// what is wrong with it is said in statusInfoV2. An error is the CA's own: its store, its key.
///
/// A message that comes again octet for octet gets the same answer again; nothing is issued twice. What was decided is
/// a line of the store's log before it is told.
///
/// Several threads may use it: they verify at once, and decide one after the other.
class Authority {
 public:
  Authority(Store& store, Issuer& issuer, AuthorityOptions options);
  ~Authority();

  Result<Answer> answer(const Call& call, std::int64_t now);

  /// Issues a pending request that somebody has approved; false when there is none of this number to approve.
  Result<bool> approve(std::int64_t number, std::int64_t now);
  Result<bool> reject(std::int64_t number, std::string_view reason, std::int64_t now);

 private:
  Store& store_;
  Issuer& issuer_;
  AuthorityOptions options_;
  std::unique_ptr<Guesses> guesses_;
  std::atomic<std::uint32_t> answers_ = 0;
};

}  // namespace cmcctl
