#pragma once

#include <functional>
#include <mutex>
#include <optional>

#include <cmcctl/server/authority.hpp>
#include <cmcctl/server/faults.hpp>

namespace cmcctl {

/// The CA behind its sockets: one caller at a time, faults between its answers and the wire.
class CaService {
 public:
  /// What to send, and the faults of how it is sent.
  struct Sent {
    Answer answer;
    std::vector<Fault> http_faults;
  };

  /// All of these have to stay.
  CaService(Store& store, Issuer& issuer, const AuthorityOptions& options, Faults& faults);

  Result<Sent> answer(const Call& call);

  /// Does something with the store and the keys while nobody else does.
  template <class Work>
  auto alone(Work work) {
    const std::lock_guard lock(mutex_);
    return work(*this);
  }
  Store& store() { return store_; }
  Issuer& issuer() { return issuer_; }
  Authority& authority() { return authority_; }
  Faults& faults() { return faults_; }

 private:
  Result<Answer> decide(const Call& call, const std::vector<Fault>& faults, std::int64_t now);
  Result<void> approve_what_is_due(std::int64_t now);

  struct Approval {
    std::int64_t number;
    std::int64_t due;
  };

  std::mutex mutex_;
  Store& store_;
  Issuer& issuer_;
  Authority authority_;
  Authority pending_authority_;  // for the fault `pend`
  Faults& faults_;
  Answer last_;
  std::vector<Approval> approvals_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// Seconds since 1970.
std::int64_t now_in_seconds();

}  // namespace cmcctl
