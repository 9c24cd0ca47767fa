#pragma once

#include <functional>
#include <mutex>
#include <optional>

#include <cmcctl/server/authority.hpp>
#include <cmcctl/server/faults.hpp>

namespace cmcctl {

/// The CA behind its sockets, for several threads: faults between its answers and the wire.
class CaService {
 public:
  /// What to send, and the faults of how it is sent.
  struct Sent {
    Answer answer;
    std::vector<Fault> http_faults;
  };

  /// All of these have to stay.
  CaService(Store& store, Issuer& issuer, const AuthorityOptions& options, Faults& faults);

  Result<Sent> answer(Call call);
  /// Why somebody with this certificate is not served at all; nullopt for everybody else.
  Result<std::optional<std::string>> objection_to(const X509Certificate& tls_client) const;

  Store& store() { return store_; }
  Issuer& issuer() { return issuer_; }
  Authority& authority() { return authority_; }
  Faults& faults() { return faults_; }

 private:
  Result<Answer> decide(Call& call, const std::vector<Fault>& faults, std::int64_t now);
  Result<void> approve_what_is_due(std::int64_t now);
  Answer exchanged_last(Answer answer);

  struct Approval {
    std::int64_t number;
    std::int64_t due;
  };

  Store& store_;
  Issuer& issuer_;
  Authority authority_;
  Faults& faults_;
  std::mutex mutex_;  // for the two that follow
  Answer last_;
  std::vector<Approval> approvals_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// Seconds since 1970.
std::int64_t now_in_seconds();

}  // namespace cmcctl
